/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sitesim: the sensors of a site, below the kernel's own bus cores.
 *
 * Everything is made, set and hurt through configfs, one folder per thing and one file per fact:
 *
 *   mkdir /sys/kernel/config/sitesim/w1/gpio4                           a 1-Wire bus master
 *   echo short > .../w1/gpio4/line                                      ok, short, open
 *   mkdir .../w1/gpio4/28-0000075ff6b1                                  a DS18B20 is plugged in
 *   echo 21500 > .../28-0000075ff6b1/temperature                        in thousandths of a degree Celsius
 *   echo crc > .../28-0000075ff6b1/fault
 *   mkdir /sys/kernel/config/sitesim/i2c/1                              the adapter i2c-1
 *   mkdir .../i2c/1/ads1115@48                                          a chip at address 0x48
 *   echo sine 100000 50000 > .../ads1115@48/ain0                        100 mV RMS at 50 Hz
 *
 * rmdir takes the thing away. Electrical timing is not modelled.
 */
#ifndef SITESIM_H
#define SITESIM_H

#include <linux/configfs.h>
#include <linux/i2c.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

/* Folders "w1" and "i2c": the types of the groups that main.c registers. */
extern const struct config_item_type sitesim_onewire_type;
extern const struct config_item_type sitesim_i2c_type;

/* ---- configfs attributes for plain numbers ---- */

/*
 * Declares the attribute NAME of a chip: a signed number that is read and written under the bus's lock.
 * TO_OBJECT(item) gives the object that holds .NAME; LOCK(object) gives its spinlock.
 */
#define SITESIM_NUMBER(PREFIX, NAME, TO_OBJECT, LOCK)						\
static ssize_t PREFIX##_##NAME##_show(struct config_item *item, char *page)			\
{												\
	return sysfs_emit(page, "%lld\n", (long long)TO_OBJECT(item)->NAME);			\
}												\
static ssize_t PREFIX##_##NAME##_store(struct config_item *item, const char *page, size_t count)	\
{												\
	unsigned long flags;									\
	long long value;									\
	int error = kstrtoll(page, 0, &value);							\
												\
	if (error)										\
		return error;									\
	spin_lock_irqsave(LOCK(TO_OBJECT(item)), flags);					\
	TO_OBJECT(item)->NAME = value;								\
	spin_unlock_irqrestore(LOCK(TO_OBJECT(item)), flags);					\
	return count;										\
}												\
CONFIGFS_ATTR(PREFIX##_, NAME)

/* ---- 1-Wire: one slave, driven slot by slot by onewire.c ---- */

struct ds18b20;

struct ds18b20 *ds18b20_create(u64 serial);
struct config_item *ds18b20_item(struct ds18b20 *sensor);
struct ds18b20 *ds18b20_of(struct config_item *item);
struct list_head *ds18b20_link(struct ds18b20 *sensor);
struct ds18b20 *ds18b20_of_link(struct list_head *link);
/* A reset pulse; true when the sensor answers with a presence pulse. */
bool ds18b20_reset(struct ds18b20 *sensor);
/* One time slot in which the master sends BIT; returns the level that the sensor leaves on the line. */
u8 ds18b20_slot(struct ds18b20 *sensor, u8 bit);

/* Guards every 1-Wire line and sensor. */
extern spinlock_t sitesim_onewire_lock;

/* ---- I2C ---- */

enum sim_fault {
	SIM_OK,
	SIM_NACK,	/* does not acknowledge its address */
	SIM_TIMEOUT,	/* holds the clock until the adapter gives up */
	SIM_BUSY,	/* never finishes a conversion */
	SIM_FLIP,	/* one bit of every answer is wrong */
};

struct sim_adapter {
	struct config_group group;
	struct i2c_adapter adapter;
	spinlock_t lock;
	struct list_head chips;
	bool stuck;	/* a line is held low: every transfer times out */
	s64 bitrate;	/* hertz of the clock line */
};

struct sim_chip {
	struct config_item item;
	struct list_head link;
	struct sim_adapter *bus;
	const struct sim_chip_type *type;
	u8 address;
	enum sim_fault fault;
	u64 transfers;
};

/* What one kind of chip is. Callbacks run under the bus's lock. */
struct sim_chip_type {
	const char *name;
	size_t size;
	/* How long is one register, for the register dump; 0 for a chip without registers. */
	const struct config_item_type *item_type;
	void (*power_on)(struct sim_chip *chip);
	void (*write)(struct sim_chip *chip, const u8 *data, int length);
	void (*read)(struct sim_chip *chip, u8 *data, int length);
};

extern const struct sim_chip_type sim_ads1115, sim_ina219, sim_ina226, sim_ina260, sim_aht20, sim_bme280, sim_mcp23017;

/* The attributes that every chip has, and the operations of its folder. */
#define SIM_CHIP_ATTRIBUTES &sim_chip_attr_fault, &sim_chip_attr_power_cycle, &sim_chip_attr_transfers
extern struct configfs_attribute sim_chip_attr_fault, sim_chip_attr_power_cycle, sim_chip_attr_transfers;
extern struct configfs_item_operations sim_chip_operations;

static inline struct sim_chip *to_chip(struct config_item *item)
{
	return container_of(item, struct sim_chip, item);
}

/* Sixteen-bit registers behind a pointer, most significant byte first: TI's ADC and power monitors. */
static inline void sim_put16(u8 *data, int length, u16 value)
{
	int i;

	for (i = 0; i < length; i++)
		data[i] = i == 0 ? value >> 8 : i == 1 ? value & 0xff : 0xff;
}

/* ---- Signals at an analogue input ---- */

struct sim_signal {
	enum { SIGNAL_DC, SIGNAL_RAMP, SIGNAL_SINE, SIGNAL_PULSE } shape;
	s64 microvolts;		/* level, start of the ramp, or RMS of the alternating part */
	s64 slope;		/* ramp: microvolts per second */
	s64 offset;		/* sine, pulse: the DC part */
	s64 peak;		/* sine, pulse: amplitude in microvolts */
	u32 millihertz;
	ktime_t since;
};

int sim_signal_parse(struct sim_signal *signal, const char *text);
int sim_signal_print(const struct sim_signal *signal, char *page);
/* Mean over the LENGTH nanoseconds that end at END, as an integrating converter sees it. */
s64 sim_signal_mean(const struct sim_signal *signal, ktime_t end, s64 length);

#endif
