// SPDX-License-Identifier: GPL-2.0
/* DS18B20 thermometer: ROM and function commands as in the datasheet (Maxim 19-7487), slot by slot. */
#include <linux/module.h>

#include "sitesim.h"

enum fault { OK, CRC, MUTE, ONES, ZEROS, POWER_ON, STUCK };
static const char *const faults[] = {
	[OK] = "none",
	[CRC] = "crc",			/* the scratchpad arrives with a wrong checksum */
	[MUTE] = "mute",		/* it does not take part in anything */
	[ONES] = "ones",		/* it answers, then the line stays high: all bytes 0xFF */
	[ZEROS] = "zeros",		/* the line stays low while it answers: all bytes 0, and their checksum fits */
	[POWER_ON] = "power-on",	/* it lost power during the conversion: 85 degrees, byte 6 is 0x0C */
	[STUCK] = "stuck",		/* its conversion never ends */
};

enum state { IDLE, ROM_COMMAND, SEARCH, MATCH_ROM, READ_ROM, FUNCTION, SEND, RECEIVE, POLL, POWER };

/* Scratchpad bytes. */
enum { LOW, HIGH, ALARM_HIGH, ALARM_LOW, CONFIGURATION, RESERVED5, RESERVED6, RESERVED7, CHECKSUM, SCRATCHPAD };

struct ds18b20 {
	struct config_item item;
	struct list_head link;
	u64 rom;		/* family code first, checksum last */
	s64 temperature;	/* what it is exposed to, thousandths of a degree Celsius */
	enum fault fault;
	u64 conversions, reads;

	u8 scratchpad[SCRATCHPAD], eeprom[3], sent[SCRATCHPAD];
	enum state state;
	u8 shift;
	int bit, phase, received;
	ktime_t conversion_ends;	/* 0: none runs */
};

struct ds18b20 *ds18b20_of(struct config_item *item) { return container_of(item, struct ds18b20, item); }
struct ds18b20 *ds18b20_of_link(struct list_head *link) { return container_of(link, struct ds18b20, link); }
struct config_item *ds18b20_item(struct ds18b20 *sensor) { return &sensor->item; }
struct list_head *ds18b20_link(struct ds18b20 *sensor) { return &sensor->link; }

/* CRC-8 of Maxim, polynomial x^8 + x^5 + x^4 + 1, least significant bit first. */
static u8 checksum(const u8 *data, int length)
{
	u8 crc = 0;
	int bit;

	while (length--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
	}
	return crc;
}

/* 0 for 9 bits to 3 for 12 bits. */
static int resolution(const struct ds18b20 *sensor)
{
	return (sensor->scratchpad[CONFIGURATION] >> 5) & 3;
}

static void put_temperature(struct ds18b20 *sensor, s64 millidegrees)
{
	int raw = DIV_ROUND_CLOSEST((int)millidegrees * 16, 1000);

	raw &= ~((1 << (3 - resolution(sensor))) - 1);
	sensor->scratchpad[LOW] = raw;
	sensor->scratchpad[HIGH] = raw >> 8;
	/* COUNT REMAIN of the older DS18S20; the DS18B20 leaves 0x10 minus the fraction after a conversion. */
	sensor->scratchpad[RESERVED6] = 0x10 - (raw & 0xf);
	sensor->scratchpad[CHECKSUM] = checksum(sensor->scratchpad, CHECKSUM);
}

static void power_on(struct ds18b20 *sensor)
{
	memcpy(&sensor->scratchpad[ALARM_HIGH], sensor->eeprom, 3);
	sensor->scratchpad[RESERVED5] = 0xff;
	sensor->scratchpad[RESERVED7] = 0x10;
	put_temperature(sensor, 85000);
	sensor->scratchpad[RESERVED6] = 0x0c;
	sensor->scratchpad[CHECKSUM] = checksum(sensor->scratchpad, CHECKSUM);
	sensor->conversion_ends = 0;
}

static void finish_conversion(struct ds18b20 *sensor)
{
	if (!sensor->conversion_ends || sensor->fault == STUCK || ktime_before(ktime_get(), sensor->conversion_ends))
		return;
	sensor->conversion_ends = 0;
	if (sensor->fault == POWER_ON)
		power_on(sensor);
	else
		put_temperature(sensor, sensor->temperature);
}

static void load_answer(struct ds18b20 *sensor)
{
	memcpy(sensor->sent, sensor->scratchpad, SCRATCHPAD);
	if (sensor->fault == CRC)
		sensor->sent[CHECKSUM] ^= 0x5a;
	else if (sensor->fault == ONES)
		memset(sensor->sent, 0xff, SCRATCHPAD);
	else if (sensor->fault == ZEROS)
		memset(sensor->sent, 0, SCRATCHPAD);
	sensor->reads++;
}

static void enter(struct ds18b20 *sensor, enum state state)
{
	sensor->state = state;
	sensor->bit = 0;
	sensor->phase = 0;
	sensor->shift = 0;
}

static void rom_command(struct ds18b20 *sensor, u8 command)
{
	enter(sensor, command == 0xf0 ? SEARCH : command == 0x55 ? MATCH_ROM : command == 0xcc ? FUNCTION :
		      command == 0x33 ? READ_ROM : IDLE);
}

static void function_command(struct ds18b20 *sensor, u8 command)
{
	enter(sensor, IDLE);
	switch (command) {
	case 0x44:	/* CONVERT T: 94, 188, 375 or 750 ms */
		sensor->conversion_ends = ktime_add_ms(ktime_get(), 750 >> (3 - resolution(sensor)));
		sensor->conversions++;
		sensor->state = POLL;
		break;
	case 0xbe:	/* READ SCRATCHPAD */
		finish_conversion(sensor);
		load_answer(sensor);
		sensor->state = SEND;
		break;
	case 0x4e:	/* WRITE SCRATCHPAD: three bytes */
		sensor->received = 0;
		sensor->state = RECEIVE;
		break;
	case 0x48:	/* COPY SCRATCHPAD */
		memcpy(sensor->eeprom, &sensor->scratchpad[ALARM_HIGH], 3);
		sensor->state = POLL;
		break;
	case 0xb8:	/* RECALL E2 */
		memcpy(&sensor->scratchpad[ALARM_HIGH], sensor->eeprom, 3);
		sensor->scratchpad[CHECKSUM] = checksum(sensor->scratchpad, CHECKSUM);
		sensor->state = POLL;
		break;
	case 0xb4:	/* READ POWER SUPPLY */
		sensor->state = POWER;
		break;
	}
}

static void receive_byte(struct ds18b20 *sensor, u8 byte)
{
	int index = ALARM_HIGH + sensor->received++;

	/* Of the configuration only the two resolution bits can be written. */
	sensor->scratchpad[index] = index == CONFIGURATION ? (byte & 0x60) | 0x1f : byte;
	sensor->shift = 0;
	sensor->bit = 0;
	if (sensor->received == 3) {
		sensor->scratchpad[CHECKSUM] = checksum(sensor->scratchpad, CHECKSUM);
		sensor->state = IDLE;
	}
}

/* One of the three slots per bit of a search: own bit, its complement, then the direction that the master took. */
static u8 search_slot(struct ds18b20 *sensor, u8 bit)
{
	u8 own = (sensor->rom >> sensor->bit) & 1;

	switch (sensor->phase++) {
	case 0:
		return own;
	case 1:
		return !own;
	}
	sensor->phase = 0;
	if (bit != own || ++sensor->bit == 64)
		enter(sensor, IDLE);
	return 1;
}

bool ds18b20_reset(struct ds18b20 *sensor)
{
	if (sensor->fault == MUTE)
		return false;
	finish_conversion(sensor);
	enter(sensor, ROM_COMMAND);
	return true;
}

u8 ds18b20_slot(struct ds18b20 *sensor, u8 bit)
{
	u8 level = 1;

	if (sensor->fault == MUTE)
		return 1;
	switch (sensor->state) {
	case ROM_COMMAND:
	case FUNCTION:
	case RECEIVE:
		sensor->shift |= bit << sensor->bit;
		if (++sensor->bit < 8)
			break;
		if (sensor->state == ROM_COMMAND)
			rom_command(sensor, sensor->shift);
		else if (sensor->state == FUNCTION)
			function_command(sensor, sensor->shift);
		else
			receive_byte(sensor, sensor->shift);
		break;
	case SEARCH:
		return search_slot(sensor, bit);
	case MATCH_ROM:
		if (bit != ((sensor->rom >> sensor->bit) & 1))
			enter(sensor, IDLE);
		else if (++sensor->bit == 64)
			enter(sensor, FUNCTION);
		break;
	case READ_ROM:
		level = (sensor->rom >> sensor->bit) & 1;
		if (++sensor->bit == 64)
			enter(sensor, FUNCTION);
		break;
	case SEND:
		level = (sensor->sent[sensor->bit / 8] >> (sensor->bit % 8)) & 1;
		if (++sensor->bit == SCRATCHPAD * 8)
			enter(sensor, IDLE);
		break;
	case POLL:
		finish_conversion(sensor);
		level = !sensor->conversion_ends;
		break;
	case POWER:	/* 1: powered by its own wire */
	case IDLE:
		break;
	}
	return level;
}

/* ---- configfs ---- */

static spinlock_t *lock_of(struct ds18b20 *sensor)
{
	return &sitesim_onewire_lock;
}

SITESIM_NUMBER(ds18b20, temperature, ds18b20_of, lock_of);

static ssize_t ds18b20_fault_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%s\n", faults[ds18b20_of(item)->fault]);
}

static ssize_t ds18b20_fault_store(struct config_item *item, const char *page, size_t count)
{
	int fault = __sysfs_match_string(faults, ARRAY_SIZE(faults), page);
	unsigned long flags;

	if (fault < 0)
		return fault;
	spin_lock_irqsave(&sitesim_onewire_lock, flags);
	ds18b20_of(item)->fault = fault;
	spin_unlock_irqrestore(&sitesim_onewire_lock, flags);
	return count;
}
CONFIGFS_ATTR(ds18b20_, fault);

static ssize_t ds18b20_conversions_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", ds18b20_of(item)->conversions);
}
CONFIGFS_ATTR_RO(ds18b20_, conversions);

static ssize_t ds18b20_reads_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", ds18b20_of(item)->reads);
}
CONFIGFS_ATTR_RO(ds18b20_, reads);

static void ds18b20_release(struct config_item *item)
{
	kfree(ds18b20_of(item));
}

static struct configfs_attribute *attributes[] = {
	&ds18b20_attr_temperature, &ds18b20_attr_fault, &ds18b20_attr_conversions, &ds18b20_attr_reads, NULL,
};
static struct configfs_item_operations operations = { .release = ds18b20_release };
static const struct config_item_type type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &operations,
	.ct_attrs = attributes,
};

struct ds18b20 *ds18b20_create(u64 serial)
{
	struct ds18b20 *sensor = kzalloc(sizeof(*sensor), GFP_KERNEL);
	u8 rom[7];
	int i;

	if (!sensor)
		return NULL;
	sensor->rom = 0x28 | serial << 8;
	for (i = 0; i < 7; i++)
		rom[i] = sensor->rom >> (8 * i);
	sensor->rom |= (u64)checksum(rom, 7) << 56;
	sensor->temperature = 20000;
	/* As delivered: alarms at 75 and 70 degrees, 12 bits. */
	sensor->eeprom[0] = 75;
	sensor->eeprom[1] = 70;
	sensor->eeprom[2] = 0x7f;
	power_on(sensor);
	config_item_init_type_name(&sensor->item, "ds18b20", &type);
	return sensor;
}
