// SPDX-License-Identifier: GPL-2.0
/* AHT20 (Aosong): temperature and humidity by commands; an answer is status, 20 + 20 bits and a checksum. */
#include <linux/math64.h>
#include <linux/module.h>

#include "sitesim.h"

#define MEASURING_MS 80
#define STATUS_BUSY 0x80
#define STATUS_CALIBRATED 0x18

struct aht20 {
	struct sim_chip chip;
	s64 temperature;	/* thousandths of a degree Celsius */
	s64 humidity;		/* thousandths of a percent */

	bool calibrated;
	bool measuring;
	ktime_t ready;
	u8 answer[7];
};

static struct aht20 *of(struct sim_chip *chip) { return container_of(chip, struct aht20, chip); }
static struct aht20 *of_item(struct config_item *item) { return of(to_chip(item)); }
static spinlock_t *lock_of(struct aht20 *aht) { return &aht->chip.bus->lock; }

/* CRC-8, polynomial x^8 + x^5 + x^4 + 1, most significant bit first, from 0xFF. */
static u8 checksum(const u8 *data, int length)
{
	u8 crc = 0xff;
	int bit;

	while (length--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 0x80 ? crc << 1 ^ 0x31 : crc << 1;
	}
	return crc;
}

static u8 status(const struct aht20 *aht)
{
	return (aht->measuring ? STATUS_BUSY : 0) | (aht->calibrated ? STATUS_CALIBRATED : 0);
}

static void advance(struct aht20 *aht)
{
	u32 humidity, temperature;

	if (!aht->measuring || aht->chip.fault == SIM_BUSY || ktime_before(ktime_get(), aht->ready))
		return;
	aht->measuring = false;
	humidity = clamp_t(s64, div_s64(aht->humidity << 20, 100000), 0, 0xfffff);
	temperature = clamp_t(s64, div_s64((aht->temperature + 50000) << 20, 200000), 0, 0xfffff);
	aht->answer[0] = status(aht);
	aht->answer[1] = humidity >> 12;
	aht->answer[2] = humidity >> 4;
	aht->answer[3] = humidity << 4 | temperature >> 16;
	aht->answer[4] = temperature >> 8;
	aht->answer[5] = temperature;
	aht->answer[6] = checksum(aht->answer, 6);
}

static void power_on(struct sim_chip *chip)
{
	of(chip)->calibrated = false;
	of(chip)->measuring = false;
	memset(of(chip)->answer, 0, sizeof(of(chip)->answer));
}

static void write(struct sim_chip *chip, const u8 *data, int length)
{
	struct aht20 *aht = of(chip);

	switch (data[0]) {
	case 0xba:	/* soft reset */
		power_on(chip);
		aht->calibrated = true;
		break;
	case 0xbe:	/* initialize */
		aht->calibrated = true;
		break;
	case 0xac:	/* measure */
		if (length < 3 || data[1] != 0x33)
			break;
		aht->measuring = true;
		aht->ready = ktime_add_ms(ktime_get(), MEASURING_MS);
		break;
	}
}

static void read(struct sim_chip *chip, u8 *data, int length)
{
	struct aht20 *aht = of(chip);
	int i;

	advance(aht);
	for (i = 0; i < length; i++)
		data[i] = i == 0 ? status(aht) : i < 7 ? aht->answer[i] : 0xff;
}

SITESIM_NUMBER(aht20, temperature, of_item, lock_of);
SITESIM_NUMBER(aht20, humidity, of_item, lock_of);

static struct configfs_attribute *attributes[] = {
	SIM_CHIP_ATTRIBUTES, &aht20_attr_temperature, &aht20_attr_humidity, NULL,
};
static const struct config_item_type item_type = {
	.ct_owner = THIS_MODULE, .ct_item_ops = &sim_chip_operations, .ct_attrs = attributes,
};

const struct sim_chip_type sim_aht20 = {
	.name = "aht20", .size = sizeof(struct aht20), .item_type = &item_type,
	.power_on = power_on, .write = write, .read = read,
};
