// SPDX-License-Identifier: GPL-2.0
/* MCP23017 (Microchip DS20001952): sixteen lines; registers in pairs (BANK = 0), the address moves on by itself. */
#include <linux/module.h>

#include "sitesim.h"

enum { IODIR = 0x00, IPOL = 0x02, GPPU = 0x0c, GPIO = 0x12, OLAT = 0x14, REGISTERS = 0x16 };

struct mcp23017 {
	struct sim_chip chip;
	s64 inputs;	/* levels that the outside puts on the lines, GPA0 in bit 0 */
	s64 shorts;	/* lines with a short to ground */
	u8 registers[REGISTERS], pointer;
	u64 changes;	/* how often a driven line changed its level */
	u16 driven;
};

static struct mcp23017 *of(struct sim_chip *chip) { return container_of(chip, struct mcp23017, chip); }
static struct mcp23017 *of_item(struct config_item *item) { return of(to_chip(item)); }
static spinlock_t *lock_of(struct mcp23017 *mcp) { return &mcp->chip.bus->lock; }

/* Lines that are outputs and high. */
static u16 outputs(const struct mcp23017 *mcp)
{
	const u8 *r = mcp->registers;

	return (r[OLAT] & ~r[IODIR]) | (r[OLAT + 1] & ~r[IODIR + 1]) << 8;
}

static void power_on(struct sim_chip *chip)
{
	struct mcp23017 *mcp = of(chip);

	memset(mcp->registers, 0, REGISTERS);
	mcp->registers[IODIR] = mcp->registers[IODIR + 1] = 0xff;
	mcp->pointer = 0;
	mcp->driven = 0;
}

static void write(struct sim_chip *chip, const u8 *data, int length)
{
	struct mcp23017 *mcp = of(chip);

	mcp->pointer = data[0] % REGISTERS;
	while (--length > 0) {
		u8 at = mcp->pointer;

		/* A write to the port is a write to its latch. */
		mcp->registers[at == GPIO || at == GPIO + 1 ? at - GPIO + OLAT : at] = *++data;
		mcp->pointer = (at + 1) % REGISTERS;
		mcp->changes += hweight16(mcp->driven ^ outputs(mcp));
		mcp->driven = outputs(mcp);
	}
}

static void read(struct sim_chip *chip, u8 *data, int length)
{
	struct mcp23017 *mcp = of(chip);
	u8 *r = mcp->registers;
	int port;

	for (port = 0; port < 2; port++)
		r[GPIO + port] = ((((mcp->inputs >> (8 * port)) ^ r[IPOL + port]) & r[IODIR + port]) |
				  (r[OLAT + port] & ~r[IODIR + port])) & ~(mcp->shorts >> (8 * port));
	while (length--) {
		*data++ = r[mcp->pointer];
		mcp->pointer = (mcp->pointer + 1) % REGISTERS;
	}
}

SITESIM_NUMBER(mcp23017, inputs, of_item, lock_of);
SITESIM_NUMBER(mcp23017, shorts, of_item, lock_of);

static ssize_t mcp23017_outputs_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "0x%04x\n", outputs(of_item(item)));
}
CONFIGFS_ATTR_RO(mcp23017_, outputs);

static ssize_t mcp23017_changes_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", of_item(item)->changes);
}
CONFIGFS_ATTR_RO(mcp23017_, changes);

static struct configfs_attribute *attributes[] = {
	SIM_CHIP_ATTRIBUTES, &mcp23017_attr_inputs, &mcp23017_attr_shorts, &mcp23017_attr_outputs,
	&mcp23017_attr_changes, NULL,
};
static const struct config_item_type item_type = {
	.ct_owner = THIS_MODULE, .ct_item_ops = &sim_chip_operations, .ct_attrs = attributes,
};

const struct sim_chip_type sim_mcp23017 = {
	.name = "mcp23017", .size = sizeof(struct mcp23017), .item_type = &item_type,
	.power_on = power_on, .write = write, .read = read,
};
