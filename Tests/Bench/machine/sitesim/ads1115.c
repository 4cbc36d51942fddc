// SPDX-License-Identifier: GPL-2.0
/* ADS1115 (TI SBAS444): four inputs, 16 bits, 8 to 860 samples per second by a clock of its own. */
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/random.h>

#include "sitesim.h"

enum { CONVERSION, CONFIG, LOW_THRESHOLD, HIGH_THRESHOLD, REGISTERS };
#define START_OR_IDLE	0x8000
#define SINGLE_SHOT	0x0100
#define CONFIG_RESET	0x8583

struct ads1115 {
	struct sim_chip chip;
	struct sim_signal ain[4];
	s64 noise;		/* microvolts, evenly spread to both sides */
	s64 clock_error;	/* tenths of a percent that a conversion takes longer */

	u16 registers[REGISTERS];
	u8 pointer;
	bool converting;	/* a single shot runs */
	ktime_t started;	/* of the single shot, or of continuous conversion */
	s64 taken;		/* continuous: conversions that are in the register */
	u64 conversions;
};

static struct ads1115 *of(struct sim_chip *chip) { return container_of(chip, struct ads1115, chip); }
static struct ads1115 *of_item(struct config_item *item) { return of(to_chip(item)); }

static s64 conversion_time(const struct ads1115 *adc)
{
	static const int rates[] = { 8, 16, 32, 64, 128, 250, 475, 860 };

	return div_s64((1000 + adc->clock_error) * 1000000LL, rates[(adc->registers[CONFIG] >> 5) & 7]);
}

/* What the converter puts into its register at the end of a conversion. */
static void convert(struct ads1115 *adc, ktime_t end)
{
	static const s64 full_scale[] = { 6144000, 4096000, 2048000, 1024000, 512000, 256000, 256000, 256000 };
	static const u8 positive[] = { 0, 0, 1, 2, 0, 1, 2, 3 };
	static const s8 negative[] = { 1, 3, 3, 3, -1, -1, -1, -1 };
	int mux = (adc->registers[CONFIG] >> 12) & 7;
	s64 time = conversion_time(adc), microvolts, raw;

	microvolts = sim_signal_mean(&adc->ain[positive[mux]], end, time);
	if (negative[mux] >= 0)
		microvolts -= sim_signal_mean(&adc->ain[negative[mux]], end, time);
	if (adc->noise)
		microvolts += (s64)(get_random_u32() % (u32)(2 * adc->noise + 1)) - adc->noise;
	raw = div_s64(microvolts * 32768, full_scale[(adc->registers[CONFIG] >> 9) & 7]);
	adc->registers[CONVERSION] = clamp_t(s64, raw, -32768, 32767);
	adc->conversions++;
}

/* Brings the conversion register up to now. */
static void advance(struct ads1115 *adc)
{
	s64 time = conversion_time(adc), due = div64_s64(ktime_to_ns(ktime_sub(ktime_get(), adc->started)), time);

	if (adc->chip.fault == SIM_BUSY)
		return;
	if (adc->registers[CONFIG] & SINGLE_SHOT) {
		if (adc->converting && due >= 1) {
			convert(adc, ktime_add_ns(adc->started, time));
			adc->converting = false;
		}
	} else if (due > adc->taken) {
		adc->conversions += due - adc->taken - 1;
		adc->taken = due;
		convert(adc, ktime_add_ns(adc->started, due * time));
	}
}

static void power_on(struct sim_chip *chip)
{
	struct ads1115 *adc = of(chip);

	adc->registers[CONVERSION] = 0;
	adc->registers[CONFIG] = CONFIG_RESET;
	adc->registers[LOW_THRESHOLD] = 0x8000;
	adc->registers[HIGH_THRESHOLD] = 0x7fff;
	adc->pointer = 0;
	adc->converting = false;
}

static void write_config(struct ads1115 *adc, u16 value)
{
	advance(adc);
	adc->registers[CONFIG] = value & ~START_OR_IDLE;
	if (value & SINGLE_SHOT)
		adc->converting |= !!(value & START_OR_IDLE);
	adc->started = ktime_get();
	adc->taken = 0;
}

static void write(struct sim_chip *chip, const u8 *data, int length)
{
	struct ads1115 *adc = of(chip);
	u16 value;

	adc->pointer = data[0] & 3;
	if (length < 3)
		return;
	value = data[1] << 8 | data[2];
	if (adc->pointer == CONFIG)
		write_config(adc, value);
	else if (adc->pointer != CONVERSION)
		adc->registers[adc->pointer] = value;
}

static void read(struct sim_chip *chip, u8 *data, int length)
{
	struct ads1115 *adc = of(chip);
	u16 value;

	advance(adc);
	value = adc->registers[adc->pointer];
	if (adc->pointer == CONFIG && !adc->converting && (value & SINGLE_SHOT))
		value |= START_OR_IDLE;
	sim_put16(data, length, value);
}

/* ---- configfs ---- */

static spinlock_t *lock_of(struct ads1115 *adc) { return &adc->chip.bus->lock; }

#define AIN(N)											\
static ssize_t ads1115_ain##N##_show(struct config_item *item, char *page)			\
{												\
	return sim_signal_print(&of_item(item)->ain[N], page);					\
}												\
static ssize_t ads1115_ain##N##_store(struct config_item *item, const char *page, size_t count)	\
{												\
	struct ads1115 *adc = of_item(item);							\
	unsigned long flags;									\
	int error;										\
												\
	spin_lock_irqsave(lock_of(adc), flags);							\
	error = sim_signal_parse(&adc->ain[N], page);						\
	spin_unlock_irqrestore(lock_of(adc), flags);						\
	return error ? error : count;								\
}												\
CONFIGFS_ATTR(ads1115_, ain##N)

AIN(0);
AIN(1);
AIN(2);
AIN(3);
SITESIM_NUMBER(ads1115, noise, of_item, lock_of);
SITESIM_NUMBER(ads1115, clock_error, of_item, lock_of);

static ssize_t ads1115_conversions_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", of_item(item)->conversions);
}
CONFIGFS_ATTR_RO(ads1115_, conversions);

static struct configfs_attribute *attributes[] = {
	SIM_CHIP_ATTRIBUTES, &ads1115_attr_ain0, &ads1115_attr_ain1, &ads1115_attr_ain2, &ads1115_attr_ain3,
	&ads1115_attr_noise, &ads1115_attr_clock_error, &ads1115_attr_conversions, NULL,
};
static const struct config_item_type item_type = {
	.ct_owner = THIS_MODULE, .ct_item_ops = &sim_chip_operations, .ct_attrs = attributes,
};

const struct sim_chip_type sim_ads1115 = {
	.name = "ads1115", .size = sizeof(struct ads1115), .item_type = &item_type,
	.power_on = power_on, .write = write, .read = read,
};
