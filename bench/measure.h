/* measure.h: the instruments of load.c: clocks, CPU times from /proc, memory, and a histogram. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

typedef uint32_t u32;
typedef uint64_t u64;
#define SECOND 1000000000ull

static u64 now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

/* What keeps a run from being valid ends it. */
static void die(const char *format, ...) {
	va_list values;
	va_start(values, format);
	fputs("{\"fault\": \"", stdout);
	vprintf(format, values);
	puts("\"}");
	exit(1);
}

static void *zeros(size_t count, size_t size) {
	void *memory = calloc(count + 1, size);
	if (!memory) die("out of memory");
	return memory;
}

typedef struct { u64 count, bucket[64 * 128]; } Histogram; /* 128 buckets to a power of two: 0.8 % */

static void note(Histogram *h, u64 ns) {
	int shift = ns < 128 ? 0 : 57 - __builtin_clzll(ns);
	h->bucket[shift * 128 + ((ns >> shift) & 127)]++;
	h->count++;
}

static double quantile_ms(const Histogram *h, double q) {
	u64 seen = 0, wanted = q * h->count;
	for (int i = 0; i < 64 * 128; i++)
		if ((seen += h->bucket[i]) > wanted) return (double)((u64)(i % 128) << (i / 128)) / 1e6;
	return 0;
}

typedef struct { double wall, server, own, machine; } Clocks; /* seconds: gone by, and of CPU time */

static double server_cpu(int pid) {
	char path[64], text[1024], *rest;
	unsigned long user, system;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	FILE *file = pid ? fopen(path, "r") : NULL;
	if (!file) return 0;
	text[fread(text, 1, sizeof text - 1, file)] = 0;
	fclose(file);
	rest = strrchr(text, ')');
	if (!rest || sscanf(rest, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) return 0;
	return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static double machine_cpu(void) { /* without what was idle, waited for, or stolen by another guest */
	unsigned long long user = 0, nice = 0, system = 0, irq = 0, softirq = 0;
	FILE *file = fopen("/proc/stat", "r");
	if (file && fscanf(file, "cpu %llu %llu %llu %*u %*u %llu %llu", &user, &nice, &system, &irq, &softirq) < 5) user = 0;
	if (file) fclose(file);
	return (double)(user + nice + system + irq + softirq) / sysconf(_SC_CLK_TCK);
}

static double own_cpu(void) {
	struct rusage r;
	getrusage(RUSAGE_SELF, &r);
	return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static Clocks clocks(int pid) { return (Clocks){now() / 1e9, server_cpu(pid), own_cpu(), machine_cpu()}; }

static long server_kib(int pid) {
	char path[64], line[256];
	long kib = 0;
	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
	FILE *file = pid ? fopen(path, "r") : NULL;
	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "Rss: %ld", &kib) == 1) break;
	if (file) fclose(file);
	return kib;
}
