/* Inline wrappers over the ioctls of the kernel's GPIO character device (linux/gpio.h, version 2), which Swift cannot
 * import: variadic, function-like macros, unions. No logic. docs/decisions says why not libgpiod.
 * Each returns 0, or what is said, or a negative errno. */
#ifndef PICLI_CGPIOD_H
#define PICLI_CGPIOD_H

#include <errno.h>
#include <linux/gpio.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

static const uint64_t cgpiod_active_low = GPIO_V2_LINE_FLAG_ACTIVE_LOW;
static const uint64_t cgpiod_is_output = GPIO_V2_LINE_FLAG_OUTPUT;
static const uint64_t cgpiod_is_used = GPIO_V2_LINE_FLAG_USED;
static const uint64_t cgpiod_both_edges = GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING;
static const uint64_t cgpiod_pull_up = GPIO_V2_LINE_FLAG_BIAS_PULL_UP;
static const uint64_t cgpiod_pull_down = GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN;
static const uint64_t cgpiod_no_pull = GPIO_V2_LINE_FLAG_BIAS_DISABLED;
static const uint32_t cgpiod_rising = GPIO_V2_LINE_EVENT_RISING_EDGE;

static inline int cgpiod_chip_info(int chip, struct gpiochip_info *info) {
    return ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, info) < 0 ? -errno : 0;
}

/* Name, consumer and flags of one line. */
static inline int cgpiod_line_info(int chip, uint32_t offset, struct gpio_v2_line_info *info) {
    memset(info, 0, sizeof *info);
    info->offset = offset;
    return ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, info) < 0 ? -errno : 0;
}

static inline struct gpio_v2_line_config cgpiod_output_config(uint64_t flags, int value) {
    struct gpio_v2_line_config config = {
        .flags = GPIO_V2_LINE_FLAG_OUTPUT | flags,
        .num_attrs = 1,
        .attrs = {{.attr = {.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES, .values = value != 0}, .mask = 1}}};
    return config;
}

static inline struct gpio_v2_line_config cgpiod_input_config(uint64_t flags, uint32_t debounce) {
    struct gpio_v2_line_config config = {.flags = GPIO_V2_LINE_FLAG_INPUT | flags};
    /* An attribute that is not counted must not be there: the kernel answers EINVAL. */
    if (debounce == 0) return config;
    config.num_attrs = 1;
    config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE;
    config.attrs[0].attr.debounce_period_us = debounce;
    config.attrs[0].mask = 1;
    return config;
}

/* Takes one line; a descriptor of its own, which the kernel keeps the line for. */
static inline int cgpiod_take(int chip, uint32_t offset, struct gpio_v2_line_config config, const char *consumer) {
    struct gpio_v2_line_request request = {.offsets = {offset}, .num_lines = 1, .config = config};
    strncpy(request.consumer, consumer, sizeof request.consumer - 1);
    return ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) < 0 ? -errno : request.fd;
}

/* Other flags for a line that is taken already, in one step with its value. */
static inline int cgpiod_configure(int line, struct gpio_v2_line_config config) {
    return ioctl(line, GPIO_V2_LINE_SET_CONFIG_IOCTL, &config) < 0 ? -errno : 0;
}

static inline int cgpiod_set(int line, int value) {
    struct gpio_v2_line_values values = {.bits = value != 0, .mask = 1};
    return ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) < 0 ? -errno : 0;
}

/* 1 active, 0 inactive. */
static inline int cgpiod_get(int line) {
    struct gpio_v2_line_values values = {.bits = 0, .mask = 1};
    return ioctl(line, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) < 0 ? -errno : (int)(values.bits & 1);
}

#endif
