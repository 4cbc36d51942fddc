// SPDX-License-Identifier: GPL-2.0
/* 1-Wire bus masters: the kernel's w1 core drives each one time slot at a time, as it drives w1-gpio. */
#include <linux/module.h>
#include <linux/w1.h>

#include "sitesim.h"

DEFINE_SPINLOCK(sitesim_onewire_lock);

enum line { LINE_OK, LINE_SHORT, LINE_OPEN };
static const char *const lines[] = { "ok", "short", "open" };

struct master {
	struct config_group group;
	struct w1_bus_master w1;
	struct list_head sensors;
	enum line line;
};

static struct master *to_master(struct config_item *item)
{
	return container_of(to_config_group(item), struct master, group);
}

/* The line is a wired AND: it is high only when nobody pulls it low. */
static u8 touch_bit(void *data, u8 bit)
{
	struct master *master = data;
	struct list_head *link;
	unsigned long flags;
	u8 level = bit & 1;

	spin_lock_irqsave(&sitesim_onewire_lock, flags);
	if (master->line == LINE_OK)
		list_for_each(link, &master->sensors)
			level &= ds18b20_slot(ds18b20_of_link(link), bit & 1);
	else if (master->line == LINE_SHORT)
		level = 0;
	spin_unlock_irqrestore(&sitesim_onewire_lock, flags);
	return level;
}

/* Returns 0 when a presence pulse was seen. A line shorted to ground looks like one. */
static u8 reset_bus(void *data)
{
	struct master *master = data;
	struct list_head *link;
	unsigned long flags;
	bool present = master->line == LINE_SHORT;

	spin_lock_irqsave(&sitesim_onewire_lock, flags);
	if (master->line == LINE_OK)
		list_for_each(link, &master->sensors)
			present |= ds18b20_reset(ds18b20_of_link(link));
	spin_unlock_irqrestore(&sitesim_onewire_lock, flags);
	return present ? 0 : 1;
}

/* ---- "28-0000075ff6b1": sensors of one master ---- */

static struct config_item *plug(struct config_group *group, const char *name)
{
	struct master *master = to_master(&group->cg_item);
	struct ds18b20 *sensor;
	unsigned long flags;
	u64 serial;

	if (strlen(name) != 15 || strncmp(name, "28-", 3) || kstrtoull(name + 3, 16, &serial))
		return ERR_PTR(-EINVAL);
	sensor = ds18b20_create(serial);
	if (!sensor)
		return ERR_PTR(-ENOMEM);
	config_item_set_name(ds18b20_item(sensor), "%s", name);
	spin_lock_irqsave(&sitesim_onewire_lock, flags);
	list_add_tail(ds18b20_link(sensor), &master->sensors);
	spin_unlock_irqrestore(&sitesim_onewire_lock, flags);
	return ds18b20_item(sensor);
}

static void unplug(struct config_group *group, struct config_item *item)
{
	unsigned long flags;

	spin_lock_irqsave(&sitesim_onewire_lock, flags);
	list_del(ds18b20_link(ds18b20_of(item)));
	spin_unlock_irqrestore(&sitesim_onewire_lock, flags);
	config_item_put(item);
}

static ssize_t master_line_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%s\n", lines[to_master(item)->line]);
}

static ssize_t master_line_store(struct config_item *item, const char *page, size_t count)
{
	int line = __sysfs_match_string(lines, ARRAY_SIZE(lines), page);

	if (line < 0)
		return line;
	to_master(item)->line = line;
	return count;
}
CONFIGFS_ATTR(master_, line);

static void master_release(struct config_item *item)
{
	kfree(to_master(item));
}

static struct configfs_attribute *master_attributes[] = { &master_attr_line, NULL };
static struct configfs_item_operations master_operations = { .release = master_release };
static struct configfs_group_operations master_group_operations = { .make_item = plug, .drop_item = unplug };
static const struct config_item_type master_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &master_operations,
	.ct_group_ops = &master_group_operations,
	.ct_attrs = master_attributes,
};

/* ---- "w1": bus masters ---- */

static struct config_group *add_master(struct config_group *group, const char *name)
{
	struct master *master = kzalloc(sizeof(*master), GFP_KERNEL);
	int error;

	if (!master)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&master->sensors);
	config_group_init_type_name(&master->group, name, &master_type);
	master->w1.data = master;
	master->w1.touch_bit = touch_bit;
	master->w1.reset_bus = reset_bus;
	error = w1_add_master_device(&master->w1);
	if (error) {
		kfree(master);
		return ERR_PTR(error);
	}
	return &master->group;
}

static void remove_master(struct config_group *group, struct config_item *item)
{
	w1_remove_master_device(&to_master(item)->w1);
	config_item_put(item);
}

static struct configfs_group_operations onewire_operations = { .make_group = add_master, .drop_item = remove_master };
const struct config_item_type sitesim_onewire_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &onewire_operations,
};
