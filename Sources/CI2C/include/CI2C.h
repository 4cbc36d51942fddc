/* Inline wrappers over i2c-dev(4) and libi2c, whose ioctls Swift cannot import. No logic. */
#ifndef PICLI_CI2C_H
#define PICLI_CI2C_H

#endif
