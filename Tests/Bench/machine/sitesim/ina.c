// SPDX-License-Identifier: GPL-2.0
/*
 * Power monitors of TI: INA219 (SBOS448), INA226 (SBOS547), INA260 (SBOS656). All have 16-bit registers behind a
 * pointer; they differ in scales, in what the current is worked out from, and in identity.
 *
 * The wires are set in microvolts across the bus and microamperes (INA260) or nanovolts across the shunt (the others).
 */
#include <linux/math64.h>
#include <linux/module.h>

#include "sitesim.h"

struct ina {
	struct sim_chip chip;
	s64 bus_voltage;	/* microvolts */
	s64 bus_current;	/* INA260: microamperes */
	s64 shunt_voltage;	/* INA219, INA226: nanovolts */
	u16 config, calibration, mask, alert;
	u8 pointer;
};

static struct ina *of(struct sim_chip *chip) { return container_of(chip, struct ina, chip); }
static struct ina *of_item(struct config_item *item) { return of(to_chip(item)); }
static spinlock_t *lock_of(struct ina *ina) { return &ina->chip.bus->lock; }

static s16 saturate(s64 value) { return clamp_t(s64, value, -32768, 32767); }

/* Conversion ready, in the mask register; a busy chip never says so. */
static u16 mask_value(struct ina *ina) { return ina->mask | (ina->chip.fault == SIM_BUSY ? 0 : 0x0008); }

/* Any length of write starts with the pointer; config, calibration, mask and alert limit can be written. */
static void write(struct sim_chip *chip, const u8 *data, int length, u16 reset)
{
	struct ina *ina = of(chip);
	u16 value;

	ina->pointer = data[0];
	if (length < 3)
		return;
	value = data[1] << 8 | data[2];
	switch (ina->pointer) {
	case 0x00:
		ina->config = value & 0x8000 ? reset : value;
		if (value & 0x8000)
			ina->calibration = ina->mask = ina->alert = 0;
		break;
	case 0x05:
		ina->calibration = value;
		break;
	case 0x06:
		ina->mask = value & 0xfc00;
		break;
	case 0x07:
		ina->alert = value;
		break;
	}
}

static void power_on(struct sim_chip *chip, u16 reset)
{
	struct ina *ina = of(chip);

	ina->config = reset;
	ina->calibration = ina->mask = ina->alert = 0;
	ina->pointer = 0;
}

/* ---- INA260: current, voltage and power through its own 2 milliohm ---- */

static u16 ina260_value(struct ina *ina)
{
	s64 amperes = div_s64(ina->bus_current, 1250), volts = div_s64(ina->bus_voltage, 1250);

	switch (ina->pointer) {
	case 0x00: return ina->config;
	case 0x01: return saturate(amperes);
	case 0x02: return saturate(volts);
	case 0x03: return min_t(s64, div_s64(abs(amperes) * volts, 6400), 0xffff);	/* 10 mW */
	case 0x06: return mask_value(ina);
	case 0x07: return ina->alert;
	case 0xfe: return 0x5449;
	case 0xff: return 0x2270;
	default: return 0;
	}
}

/* ---- INA226: 2.5 uV across the shunt, 1.25 mV across the bus ---- */

static u16 ina226_value(struct ina *ina)
{
	s64 shunt = saturate(div_s64(ina->shunt_voltage, 2500)), volts = saturate(div_s64(ina->bus_voltage, 1250));
	s64 amperes = saturate(div_s64(shunt * ina->calibration, 2048));

	switch (ina->pointer) {
	case 0x00: return ina->config;
	case 0x01: return shunt;
	case 0x02: return volts;
	case 0x03: return min_t(s64, div_s64(abs(amperes) * volts, 20000), 0xffff);
	case 0x04: return amperes;
	case 0x05: return ina->calibration;
	case 0x06: return mask_value(ina);
	case 0x07: return ina->alert;
	case 0xfe: return 0x5449;
	case 0xff: return 0x2260;
	default: return 0;
	}
}

/* ---- INA219: 10 uV across the shunt, 4 mV across the bus in the upper 13 bits; no identity ---- */

static u16 ina219_value(struct ina *ina)
{
	/* PGA of the configuration: the shunt's range is 40, 80, 160 or 320 mV. */
	s64 limit = 4000 << ((ina->config >> 11) & 3);
	s64 shunt = clamp_t(s64, div_s64(ina->shunt_voltage, 10000), -limit, limit);
	s64 volts = clamp_t(s64, div_s64(ina->bus_voltage, 4000), 0, ina->config & 0x2000 ? 8000 : 4000);
	s64 amperes = div_s64(shunt * (ina->calibration & 0xfffe), 4096);

	switch (ina->pointer) {
	case 0x00: return ina->config;
	case 0x01: return shunt;
	case 0x02: return volts << 3 | (ina->chip.fault == SIM_BUSY ? 0 : 2) | (amperes != saturate(amperes));
	case 0x03: return min_t(s64, div_s64(abs(amperes) * volts, 5000), 0xffff);
	case 0x04: return saturate(amperes);
	case 0x05: return ina->calibration;
	default: return 0;
	}
}

/* ---- configfs ---- */

SITESIM_NUMBER(ina, bus_voltage, of_item, lock_of);
SITESIM_NUMBER(ina, bus_current, of_item, lock_of);
SITESIM_NUMBER(ina, shunt_voltage, of_item, lock_of);

static struct configfs_attribute *built_in_shunt[] = {
	SIM_CHIP_ATTRIBUTES, &ina_attr_bus_voltage, &ina_attr_bus_current, NULL,
};
static struct configfs_attribute *external_shunt[] = {
	SIM_CHIP_ATTRIBUTES, &ina_attr_bus_voltage, &ina_attr_shunt_voltage, NULL,
};

#define INA(NAME, RESET, ATTRIBUTES)								\
static void NAME##_power_on(struct sim_chip *chip) { power_on(chip, RESET); }			\
static void NAME##_write(struct sim_chip *chip, const u8 *data, int length)			\
{												\
	write(chip, data, length, RESET);							\
}												\
static void NAME##_read(struct sim_chip *chip, u8 *data, int length)				\
{												\
	sim_put16(data, length, NAME##_value(of(chip)));					\
}												\
static const struct config_item_type NAME##_item_type = {					\
	.ct_owner = THIS_MODULE, .ct_item_ops = &sim_chip_operations, .ct_attrs = ATTRIBUTES,	\
};												\
const struct sim_chip_type sim_##NAME = {							\
	.name = #NAME, .size = sizeof(struct ina), .item_type = &NAME##_item_type,		\
	.power_on = NAME##_power_on, .write = NAME##_write, .read = NAME##_read,		\
}

INA(ina219, 0x399f, external_shunt);
INA(ina226, 0x4127, external_shunt);
INA(ina260, 0x6127, built_in_shunt);
