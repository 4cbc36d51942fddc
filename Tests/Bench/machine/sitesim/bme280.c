// SPDX-License-Identifier: GPL-2.0
/*
 * BME280 (Bosch BST-BME280-DS002): the raw values that the datasheet's own compensation turns into the set
 * temperature, pressure and humidity are found by bisection, so that a driver is tested against the whole formula.
 */
#include <linux/math64.h>
#include <linux/module.h>

#include "sitesim.h"

/* The trimming of the datasheet's worked example (BMP280 3.12), with plausible humidity parts. */
static const u16 t1 = 27504, p1 = 36477;
static const s16 t2 = 26435, t3 = -1000;
static const s16 p[] = { 0, 0, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000 };
static const u8 h1 = 75, h3 = 0;
static const s16 h2 = 362, h4 = 321, h5 = 50;
static const s8 h6 = 30;

enum { CONTROL_HUMIDITY = 0xf2, STATUS = 0xf3, CONTROL = 0xf4, CONFIG = 0xf5, DATA = 0xf7 };

struct bme280 {
	struct sim_chip chip;
	s64 temperature;	/* thousandths of a degree Celsius */
	s64 pressure;		/* pascal */
	s64 humidity;		/* thousandths of a percent */

	u8 registers[256], pointer;
	bool measuring;
	ktime_t ready;
};

static struct bme280 *of(struct sim_chip *chip) { return container_of(chip, struct bme280, chip); }
static struct bme280 *of_item(struct config_item *item) { return of(to_chip(item)); }
static spinlock_t *lock_of(struct bme280 *bme) { return &bme->chip.bus->lock; }

/* Datasheet 4.2.3: t_fine; the temperature is (t_fine * 5 + 128) >> 8 hundredths of a degree. */
static s32 fine(s32 raw)
{
	s32 a = ((((raw >> 3) - ((s32)t1 << 1))) * (s32)t2) >> 11;
	s32 b = (((((raw >> 4) - (s32)t1) * ((raw >> 4) - (s32)t1)) >> 12) * (s32)t3) >> 14;

	return a + b;
}

/* Pascal x 256. */
static s64 compensate_pressure(s32 raw, s32 t_fine)
{
	s64 a = (s64)t_fine - 128000, b, c;

	b = a * a * p[6] + ((a * p[5]) << 17) + ((s64)p[4] << 35);
	a = ((a * a * p[3]) >> 8) + ((a * p[2]) << 12);
	a = ((((s64)1 << 47) + a) * p1) >> 33;
	if (!a)
		return 0;
	c = div64_s64((((1048576LL - raw) << 31) - b) * 3125, a);
	a = ((s64)p[9] * (c >> 13) * (c >> 13)) >> 25;
	b = ((s64)p[8] * c) >> 19;
	/* b was folded into c; the last term is P7. */
	return ((c + a + b) >> 8) + ((s64)p[7] << 4);
}

/* Percent x 1024. */
static s64 compensate_humidity(s32 raw, s32 t_fine)
{
	s32 v = t_fine - 76800;

	v = ((((raw << 14) - ((s32)h4 << 20) - ((s32)h5 * v)) + 16384) >> 15) *
	    (((((((v * h6) >> 10) * (((v * (s32)h3) >> 11) + 32768)) >> 10) + 2097152) * h2 + 8192) >> 14);
	v -= ((((v >> 15) * (v >> 15)) >> 7) * (s32)h1) >> 4;
	return clamp(v, 0, 419430400) >> 12;
}

static s64 temperature_of(s32 raw, s32 unused) { return (fine(raw) * 5 + 128) >> 8; }

/* The raw value of BITS bits at which the rising or falling F comes closest to TARGET. */
static u32 solve(s64 (*f)(s32 raw, s32 t_fine), s32 t_fine, s64 target, int bits, bool rising)
{
	u32 low = 0, high = (1 << bits) - 1;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (rising ? f(middle, t_fine) >= target : f(middle, t_fine) <= target)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static void advance(struct bme280 *bme)
{
	u8 *r = bme->registers;
	u32 temperature, pressure, humidity;
	s32 t_fine;

	if (!bme->measuring || bme->chip.fault == SIM_BUSY || ktime_before(ktime_get(), bme->ready))
		return;
	temperature = solve(temperature_of, 0, div_s64(bme->temperature, 10), 20, true);
	t_fine = fine(temperature);
	pressure = solve(compensate_pressure, t_fine, bme->pressure * 256, 20, false);
	humidity = solve(compensate_humidity, t_fine, div_s64(bme->humidity * 1024, 1000), 16, true);
	r[DATA] = pressure >> 12;
	r[DATA + 1] = pressure >> 4;
	r[DATA + 2] = pressure << 4;
	r[DATA + 3] = temperature >> 12;
	r[DATA + 4] = temperature >> 4;
	r[DATA + 5] = temperature << 4;
	r[DATA + 6] = humidity >> 8;
	r[DATA + 7] = humidity;
	if ((r[CONTROL] & 3) == 3) {	/* normal mode: the next one follows */
		bme->ready = ktime_add_ms(ktime_get(), 10);
	} else {
		bme->measuring = false;
		r[CONTROL] &= ~3;
	}
}

static void put16(u8 *at, u16 value)
{
	at[0] = value;
	at[1] = value >> 8;
}

static void power_on(struct sim_chip *chip)
{
	struct bme280 *bme = of(chip);
	u8 *r = bme->registers;
	int i;

	memset(r, 0, sizeof(bme->registers));
	put16(r + 0x88, t1);
	put16(r + 0x8a, t2);
	put16(r + 0x8c, t3);
	put16(r + 0x8e, p1);
	for (i = 2; i < 10; i++)
		put16(r + 0x8c + 2 * i, p[i]);
	r[0xa1] = h1;
	r[0xd0] = 0x60;		/* chip id */
	put16(r + 0xe1, h2);
	r[0xe3] = h3;
	r[0xe4] = h4 >> 4;
	r[0xe5] = (h4 & 0xf) | (h5 & 0xf) << 4;
	r[0xe6] = h5 >> 4;
	r[0xe7] = h6;
	r[DATA] = r[DATA + 3] = r[DATA + 6] = 0x80;	/* nothing measured yet */
	bme->measuring = false;
}

/* Pairs of register and value; a register without a value moves the pointer. */
static void write(struct sim_chip *chip, const u8 *data, int length)
{
	struct bme280 *bme = of(chip);

	bme->pointer = data[0];
	for (; length >= 2; data += 2, length -= 2) {
		if (data[0] == 0xe0 && data[1] == 0xb6)
			power_on(chip);
		if (data[0] != CONTROL_HUMIDITY && data[0] != CONTROL && data[0] != CONFIG)
			continue;
		bme->registers[data[0]] = data[1];
		if (data[0] == CONTROL && (data[1] & 3)) {
			bme->measuring = true;
			bme->ready = ktime_add_ms(ktime_get(), 10);
		}
	}
}

static void read(struct sim_chip *chip, u8 *data, int length)
{
	struct bme280 *bme = of(chip);

	advance(bme);
	bme->registers[STATUS] = bme->measuring ? 0x08 : 0;
	while (length--)
		*data++ = bme->registers[bme->pointer++];
}

SITESIM_NUMBER(bme280, temperature, of_item, lock_of);
SITESIM_NUMBER(bme280, pressure, of_item, lock_of);
SITESIM_NUMBER(bme280, humidity, of_item, lock_of);

static struct configfs_attribute *attributes[] = {
	SIM_CHIP_ATTRIBUTES, &bme280_attr_temperature, &bme280_attr_pressure, &bme280_attr_humidity, NULL,
};
static const struct config_item_type item_type = {
	.ct_owner = THIS_MODULE, .ct_item_ops = &sim_chip_operations, .ct_attrs = attributes,
};

const struct sim_chip_type sim_bme280 = {
	.name = "bme280", .size = sizeof(struct bme280), .item_type = &item_type,
	.power_on = power_on, .write = write, .read = read,
};
