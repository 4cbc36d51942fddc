/* Inline wrappers over Linux calls that Swift cannot import: variadic functions and function-like macros. No logic. */
#ifndef PICLI_CLINUX_H
#define PICLI_CLINUX_H

#endif
