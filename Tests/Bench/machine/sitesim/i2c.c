// SPDX-License-Identifier: GPL-2.0
/*
 * I2C adapters and the chips on them. Errors are those of the kernel's i2c-bcm2835: EREMOTEIO for an address that
 * nobody acknowledges, ETIMEDOUT after one second for a clock that is held.
 */
#include <linux/delay.h>
#include <linux/math64.h>
#include <linux/module.h>

#include "sitesim.h"

static const struct sim_chip_type *const chip_types[] = {
	&sim_ads1115, &sim_ina219, &sim_ina226, &sim_ina260, &sim_aht20, &sim_bme280, &sim_mcp23017,
};

static const char *const faults[] = {
	[SIM_OK] = "none",
	[SIM_NACK] = "nack",
	[SIM_TIMEOUT] = "timeout",
	[SIM_BUSY] = "busy",
	[SIM_FLIP] = "flip",
};

static struct sim_adapter *to_adapter(struct config_item *item)
{
	return container_of(to_config_group(item), struct sim_adapter, group);
}

static struct sim_chip *find(struct sim_adapter *bus, u16 address)
{
	struct sim_chip *chip;

	list_for_each_entry(chip, &bus->chips, link)
		if (chip->address == address)
			return chip;
	return NULL;
}

static int transfer_message(struct sim_adapter *bus, struct i2c_msg *message)
{
	struct sim_chip *chip = find(bus, message->addr);

	if (bus->stuck)
		return -ETIMEDOUT;
	if (!chip || chip->fault == SIM_NACK)
		return -EREMOTEIO;
	chip->transfers++;
	if (chip->fault == SIM_TIMEOUT)
		return -ETIMEDOUT;
	if (!(message->flags & I2C_M_RD)) {
		if (message->len)
			chip->type->write(chip, message->buf, message->len);
		return 0;
	}
	chip->type->read(chip, message->buf, message->len);
	if (chip->fault == SIM_FLIP && message->len)
		message->buf[message->len / 2] ^= 0x10;
	return 0;
}

/* How long the message is on the wires: address and bytes with their acknowledges, start and stop. */
static s64 microseconds(const struct sim_adapter *bus, const struct i2c_msg *message)
{
	return div64_s64((9LL * (1 + message->len) + 2) * 1000000, bus->bitrate);
}

static void wait_for(s64 time)
{
	if (time > 1000)
		usleep_range(time, time + 200);
	else
		udelay(time);
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	struct sim_adapter *bus = i2c_get_adapdata(adapter);
	unsigned long flags;
	int i, error = 0;

	for (i = 0; i < count && !error; i++) {
		wait_for(microseconds(bus, &messages[i]));
		spin_lock_irqsave(&bus->lock, flags);
		error = transfer_message(bus, &messages[i]);
		spin_unlock_irqrestore(&bus->lock, flags);
	}
	if (error == -ETIMEDOUT)
		msleep(1000);
	return error ? error : count;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = { .master_xfer = transfer, .functionality = functionality };

/* ---- what every chip has ---- */

static ssize_t sim_chip_fault_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%s\n", faults[to_chip(item)->fault]);
}

static ssize_t sim_chip_fault_store(struct config_item *item, const char *page, size_t count)
{
	int fault = __sysfs_match_string(faults, ARRAY_SIZE(faults), page);
	unsigned long flags;

	if (fault < 0)
		return fault;
	spin_lock_irqsave(&to_chip(item)->bus->lock, flags);
	to_chip(item)->fault = fault;
	spin_unlock_irqrestore(&to_chip(item)->bus->lock, flags);
	return count;
}

/* Any write: the chip's supply drops out for a moment and its registers are as after power-on. */
static ssize_t sim_chip_power_cycle_store(struct config_item *item, const char *page, size_t count)
{
	struct sim_chip *chip = to_chip(item);
	unsigned long flags;

	spin_lock_irqsave(&chip->bus->lock, flags);
	chip->type->power_on(chip);
	spin_unlock_irqrestore(&chip->bus->lock, flags);
	return count;
}

static ssize_t sim_chip_transfers_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%llu\n", to_chip(item)->transfers);
}

struct configfs_attribute sim_chip_attr_fault = {
	.ca_name = "fault", .ca_mode = 0644, .ca_owner = THIS_MODULE,
	.show = sim_chip_fault_show, .store = sim_chip_fault_store,
};
struct configfs_attribute sim_chip_attr_power_cycle = {
	.ca_name = "power_cycle", .ca_mode = 0200, .ca_owner = THIS_MODULE, .store = sim_chip_power_cycle_store,
};
struct configfs_attribute sim_chip_attr_transfers = {
	.ca_name = "transfers", .ca_mode = 0444, .ca_owner = THIS_MODULE, .show = sim_chip_transfers_show,
};

static void chip_release(struct config_item *item)
{
	kfree(to_chip(item));
}

struct configfs_item_operations sim_chip_operations = { .release = chip_release };

/* ---- "ads1115@48": chips of one adapter ---- */

static const struct sim_chip_type *parse_name(const char *name, u8 *address)
{
	const char *at = strchr(name, '@');
	int i;

	if (!at || kstrtou8(at + 1, 16, address) || *address < 0x08 || *address > 0x77)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(chip_types); i++)
		if (strlen(chip_types[i]->name) == at - name && !strncmp(chip_types[i]->name, name, at - name))
			return chip_types[i];
	return NULL;
}

static struct config_item *add_chip(struct config_group *group, const char *name)
{
	struct sim_adapter *bus = to_adapter(&group->cg_item);
	const struct sim_chip_type *type;
	struct sim_chip *chip;
	unsigned long flags;
	bool taken;
	u8 address;

	type = parse_name(name, &address);
	if (!type)
		return ERR_PTR(-EINVAL);
	chip = kzalloc(type->size, GFP_KERNEL);
	if (!chip)
		return ERR_PTR(-ENOMEM);
	chip->bus = bus;
	chip->type = type;
	chip->address = address;
	config_item_init_type_name(&chip->item, name, type->item_type);
	type->power_on(chip);
	spin_lock_irqsave(&bus->lock, flags);
	taken = find(bus, address);
	if (!taken)
		list_add_tail(&chip->link, &bus->chips);
	spin_unlock_irqrestore(&bus->lock, flags);
	if (taken) {
		config_item_put(&chip->item);
		return ERR_PTR(-EADDRINUSE);
	}
	return &chip->item;
}

static void remove_chip(struct config_group *group, struct config_item *item)
{
	struct sim_adapter *bus = to_adapter(&group->cg_item);
	unsigned long flags;

	spin_lock_irqsave(&bus->lock, flags);
	list_del(&to_chip(item)->link);
	spin_unlock_irqrestore(&bus->lock, flags);
	config_item_put(item);
}

static ssize_t adapter_stuck_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", to_adapter(item)->stuck);
}

static ssize_t adapter_stuck_store(struct config_item *item, const char *page, size_t count)
{
	int error = kstrtobool(page, &to_adapter(item)->stuck);

	return error ? error : count;
}
CONFIGFS_ATTR(adapter_, stuck);

static ssize_t adapter_bitrate_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%lld\n", to_adapter(item)->bitrate);
}

static ssize_t adapter_bitrate_store(struct config_item *item, const char *page, size_t count)
{
	long long bitrate;
	int error = kstrtoll(page, 10, &bitrate);

	if (error)
		return error;
	if (bitrate < 10000 || bitrate > 1000000)
		return -ERANGE;
	to_adapter(item)->bitrate = bitrate;
	return count;
}
CONFIGFS_ATTR(adapter_, bitrate);

static void adapter_release(struct config_item *item)
{
	kfree(to_adapter(item));
}

static struct configfs_attribute *adapter_attributes[] = { &adapter_attr_stuck, &adapter_attr_bitrate, NULL };
static struct configfs_item_operations adapter_operations = { .release = adapter_release };
static struct configfs_group_operations adapter_group_operations = { .make_item = add_chip, .drop_item = remove_chip };
static const struct config_item_type adapter_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &adapter_operations,
	.ct_group_ops = &adapter_group_operations,
	.ct_attrs = adapter_attributes,
};

/* ---- "i2c": adapters by number ---- */

static struct config_group *add_adapter(struct config_group *group, const char *name)
{
	struct sim_adapter *bus;
	int number, error;

	error = kstrtoint(name, 10, &number);
	if (error)
		return ERR_PTR(error);
	bus = kzalloc(sizeof(*bus), GFP_KERNEL);
	if (!bus)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&bus->lock);
	INIT_LIST_HEAD(&bus->chips);
	bus->bitrate = 100000;	/* what a Raspberry Pi has when nobody says otherwise */
	config_group_init_type_name(&bus->group, name, &adapter_type);
	bus->adapter.owner = THIS_MODULE;
	bus->adapter.algo = &algorithm;
	bus->adapter.nr = number;
	strscpy(bus->adapter.name, "sitesim bcm2835 (i2c@7e804000)", sizeof(bus->adapter.name));
	i2c_set_adapdata(&bus->adapter, bus);
	error = i2c_add_numbered_adapter(&bus->adapter);
	if (error) {
		kfree(bus);
		return ERR_PTR(error);
	}
	return &bus->group;
}

static void remove_adapter(struct config_group *group, struct config_item *item)
{
	i2c_del_adapter(&to_adapter(item)->adapter);
	config_item_put(item);
}

static struct configfs_group_operations i2c_operations = { .make_group = add_adapter, .drop_item = remove_adapter };
const struct config_item_type sitesim_i2c_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &i2c_operations,
};
