/* Inline wrappers over the ioctls of i2c-dev(4), which Swift cannot import: variadic, function-like macros. No logic.
 * Each returns 0, or a negative errno. */
#ifndef PICLI_CI2C_H
#define PICLI_CI2C_H

#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* fcntl.h has it only under _GNU_SOURCE; the same on every architecture (asm-generic/fcntl.h). */
#ifndef F_OFD_SETLK
#define F_OFD_SETLK 37
#endif

/* EBUSY: a kernel driver is bound to the address. */
static inline int ci2c_claim(int file, uint16_t address) {
    return ioctl(file, I2C_SLAVE, (unsigned long)address) < 0 ? -errno : 0;
}

/* F_WRLCK or F_UNLCK on the open file description, for those who wait for the bus; -EAGAIN: another one has it. */
static inline int ci2c_queue(int file, short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return fcntl(file, F_OFD_SETLK, &lock) < 0 ? -errno : 0;
}

/* How long the adapter may hold one transfer, in units of 10 ms. */
static inline int ci2c_set_timeout(int file, unsigned long tens_of_milliseconds) {
    return ioctl(file, I2C_TIMEOUT, tens_of_milliseconds) < 0 ? -errno : 0;
}

/* A write, a repeated start, and a read, as one transfer; a part of length 0 is left out. */
static inline int ci2c_transfer(
    int file, uint16_t address, uint8_t *out, uint16_t out_length, uint8_t *in, uint16_t in_length) {
    struct i2c_msg messages[2];
    struct i2c_rdwr_ioctl_data transfer = {messages, 0};
    if (out_length > 0)
        messages[transfer.nmsgs++] = (struct i2c_msg){address, 0, out_length, out};
    if (in_length > 0)
        messages[transfer.nmsgs++] = (struct i2c_msg){address, I2C_M_RD, in_length, in};
    return ioctl(file, I2C_RDWR, &transfer) < 0 ? -errno : 0;
}

#endif
