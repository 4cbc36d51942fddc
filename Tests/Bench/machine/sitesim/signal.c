// SPDX-License-Identifier: GPL-2.0
/*
 * Voltages over time, in whole microvolts:
 *
 *   dc LEVEL                       ramp START PER_SECOND
 *   sine RMS MILLIHERTZ [OFFSET]   pulse RMS MILLIHERTZ [OFFSET]
 *
 * A pulse is what a switch-mode supply draws: a half cosine of 2.2 ms around each crest of the mains and nothing
 * between. OFFSET is the DC part, such as the mid-rail bias of a current clamp; RMS is of the rest alone.
 */
#include <linux/bug.h>
#include <linux/fixp-arith.h>
#include <linux/math64.h>

#include "sitesim.h"

#define PULSE_WIDTH_NS 2200000LL

int sim_signal_parse(struct sim_signal *signal, const char *text)
{
	struct sim_signal new = { .since = ktime_get() };
	char word[8];
	int fields;

	fields = sscanf(text, "%7s %lld %lld %lld", word, &new.microvolts, &new.slope, &new.offset);
	if (fields == 2 && !strcmp(word, "dc")) {
		new.shape = SIGNAL_DC;
	} else if (fields == 3 && !strcmp(word, "ramp")) {
		new.shape = SIGNAL_RAMP;
	} else if (fields >= 3 && new.slope > 0 && new.slope <= 1000000) {
		new.millihertz = new.slope;
		new.slope = 0;
		if (!strcmp(word, "sine")) {
			new.shape = SIGNAL_SINE;
			/* peak = RMS x sqrt 2 */
			new.peak = div_s64(new.microvolts * 1414213562LL, 1000000000);
		} else if (!strcmp(word, "pulse") && new.millihertz <= 200000) {
			new.shape = SIGNAL_PULSE;
			/* Two half cosines of width w in each period: RMS^2 = peak^2 x w x f. */
			new.peak = div64_s64(new.microvolts * 1000000000LL,
					     int_sqrt64(PULSE_WIDTH_NS * new.millihertz * 1000000ULL));
		} else {
			return -EINVAL;
		}
	} else {
		return -EINVAL;
	}
	*signal = new;
	return 0;
}

int sim_signal_print(const struct sim_signal *signal, char *page)
{
	switch (signal->shape) {
	case SIGNAL_RAMP:
		return sysfs_emit(page, "ramp %lld %lld\n", signal->microvolts, signal->slope);
	case SIGNAL_SINE:
		return sysfs_emit(page, "sine %lld %u %lld\n", signal->microvolts, signal->millihertz, signal->offset);
	case SIGNAL_PULSE:
		return sysfs_emit(page, "pulse %lld %u %lld\n", signal->microvolts, signal->millihertz, signal->offset);
	default:
		return sysfs_emit(page, "dc %lld\n", signal->microvolts);
	}
}

/* x * sin(2 pi nanoseconds / period) */
static s64 sine(s64 x, s64 nanoseconds, s64 period)
{
	/* The table takes at most 2^18 steps to a turn. */
	enum { TURN = 1 << 18 };

	return (x * fixp_sin32_rad((u32)div64_s64(nanoseconds * TURN, period), TURN)) >> 31;
}

static s64 value_at(const struct sim_signal *signal, s64 age)
{
	s64 period, phase, from_crest;

	switch (signal->shape) {
	case SIGNAL_RAMP:
		return signal->microvolts + div_s64(signal->slope * div_s64(age, 1000), 1000000);
	case SIGNAL_SINE:
	case SIGNAL_PULSE:
		period = div_u64(1000000000000ULL, signal->millihertz);
		div64_u64_rem(age, period, (u64 *)&phase);
		if (signal->shape == SIGNAL_SINE)
			return signal->offset + sine(signal->peak, phase, period);
		/* Crests at a quarter and three quarters of the period. */
		from_crest = (phase >= period / 2 ? phase - period / 2 : phase) - period / 4;
		if (abs(from_crest) >= PULSE_WIDTH_NS / 2)
			return signal->offset;
		/* cos(pi t / w) = sin(2 pi (t + w / 2) / 2w) */
		from_crest = sine(signal->peak, from_crest + PULSE_WIDTH_NS / 2, 2 * PULSE_WIDTH_NS);
		return signal->offset + (phase >= period / 2 ? -from_crest : from_crest);
	default:
		return signal->microvolts;
	}
}

s64 sim_signal_mean(const struct sim_signal *signal, ktime_t end, s64 length)
{
	enum { STEPS = 16 };
	s64 age = ktime_to_ns(ktime_sub(end, signal->since)), at, sum = 0;
	int i;

	if (signal->shape == SIGNAL_DC)
		return signal->microvolts;
	for (i = 0; i < STEPS; i++) {
		at = age - length + div_s64(length * (2 * i + 1), 2 * STEPS);
		sum += value_at(signal, at > 0 ? at : 0);
	}
	return div_s64(sum, STEPS);
}
