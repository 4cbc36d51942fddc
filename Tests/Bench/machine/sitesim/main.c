// SPDX-License-Identifier: GPL-2.0
/* The configfs root: /sys/kernel/config/sitesim/{w1,i2c}. */
#include <linux/module.h>

#include "sitesim.h"

static const struct config_item_type root_type = { .ct_owner = THIS_MODULE };

static struct configfs_subsystem sitesim = {
	.su_group = { .cg_item = { .ci_namebuf = "sitesim", .ci_type = &root_type } },
};
static struct config_group onewire, i2c;

static int __init sitesim_init(void)
{
	config_group_init(&sitesim.su_group);
	mutex_init(&sitesim.su_mutex);
	config_group_init_type_name(&onewire, "w1", &sitesim_onewire_type);
	configfs_add_default_group(&onewire, &sitesim.su_group);
	config_group_init_type_name(&i2c, "i2c", &sitesim_i2c_type);
	configfs_add_default_group(&i2c, &sitesim.su_group);
	return configfs_register_subsystem(&sitesim);
}

static void __exit sitesim_exit(void)
{
	configfs_unregister_subsystem(&sitesim);
}

module_init(sitesim_init);
module_exit(sitesim_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated sensors on 1-Wire and I2C buses");
