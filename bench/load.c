/* load.c: a load generator for chat servers that speak in lines. Linux, one process, one thread, epoll.
 *
 *     load MODE --port N --pid N [options]
 *
 * Modes   fan    people in rooms; some of them talk. A closed loop (each of --senders keeps --window messages
 *                on the way), or with --rate so many messages a second in all, whatever the server does
 *         idle   people log in and say nothing: memory of a session, CPU time of a login
 *         churn  --inflight people come, enter a room and go, over and over
 *         sink   connects and throws away what it reads: the other side of floor.py
 *
 * Rule: every figure comes from lines that really arrived. A message carries the tag of this run, its sender, its
 * number and when it was due to be sent; every receiver checks each sender's numbers, and at the end what arrived
 * is compared with what was owed. A message counts as answered, in the closed loop, when the member opposite its
 * sender has it. One JSON object is printed; "fault" is in it if something kept the run from being valid.
 *
 * A dialect is a handful of templates ({nick} {room} {text}, and \n where a template is two lines) and the texts
 * to wait for; --irc sets those of RFC 1459, and --caps the IRCv3 capabilities to ask for (with one that the server
 * refuses, it refuses all: "fault"). The server's flood limits have to be off. */
#include "measure.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#define MARK 8           /* length of the tag that a message of this run begins with */
#define MESSAGE (MARK + 4 + 8 + 12) /* tag, sender, number, time: hexadecimal, of fixed width */
#define RING 4096        /* messages of one sender whose receivers are counted at the same time */
#define SOURCES 16       /* local addresses to connect from, so that churn does not run out of ports */

static struct {
	int port, pid, clients, rooms, senders, window, bytes, inflight, echo, irc;
	double rate, warmup, time, settle, poll;
	const char *login, *login_ok, *login_or, *join, *join_ok, *say, *quit, *caps;
} o = {.clients = 100, .rooms = 1, .senders = 20, .window = 4, .bytes = 100, .inflight = 64, .warmup = 1, .time = 5,
       .settle = 0.5, .poll = -1, .login = "login {nick}", .login_ok = "{nick}", .login_or = "",
       .join = "/join {room}", .join_ok = "{room}", .say = "{text}", .quit = "/quit", .caps = ""};

/* ---- people ---------------------------------------------------------------------------------------------- */

typedef enum { AWAY, CONNECTING, LOGGING_IN, JOINING, READY, LEAVING } State;
typedef struct { State state; int fd, room; u32 number, kept; char *rest; u64 since; } Person;
typedef struct { u32 last, missing; } Heard; /* of one sender, by one receiver */
typedef struct { int who, witness; u32 sent, answered, *seen_by; } Sender;

static Person *people;
static Sender *senders;
static Heard *heard;
static int poller, ready, in_flight, *members, measuring;
static char tag[MARK + 1], text_in[1 << 18];
static u32 people_made;
static u64 base, owed, received, reordered, doubled, astray, other_lines, dropped, cycles;
static u64 w_sent, w_received, w_reads; /* inside the measured window */
static Histogram each_ms, last_ms, login_ms;

static int fill(char *out, size_t size, const char *template, const Person *p, const char *text) {
	size_t n = 0;
	for (const char *t = template; *t && n + 1 < size; t++) {
		if (!strncmp(t, "{nick}", 6)) n += snprintf(out + n, size - n, "b%.2s%06u", tag + 1, p->number), t += 5;
		else if (!strncmp(t, "{room}", 6)) n += snprintf(out + n, size - n, "bench%02d", p->room), t += 5;
		else if (!strncmp(t, "{text}", 6)) n += snprintf(out + n, size - n, "%s", text), t += 5;
		else out[n++] = *t == '\\' && t[1] ? (*++t == 'n' ? '\n' : '\r') : *t;
	}
	if (n + 1 >= size) die("a template is too long");
	out[n] = 0;
	return n;
}

static void leave(Person *p) {
	if (p->state == READY) ready--, dropped++;
	else if (p->state != LEAVING) die("person %u was sent away in state %d, %s", p->number, p->state, strerror(errno));
	close(p->fd);
	p->state = AWAY, p->kept = 0;
}

static void send_line(Person *p, const char *template, const char *text) {
	char line[8192];
	int n = fill(line, sizeof line - 2, template, p, text);
	memcpy(line + n, "\r\n", 2);
	if (send(p->fd, line, n + 2, MSG_NOSIGNAL) != n + 2 && p->state != LEAVING)
		die("the server does not read what person %u says: %s", p->number, strerror(errno));
}

static void arrive(Person *p) {
	struct sockaddr_in here = {.sin_family = AF_INET}, there = here;
	struct epoll_event event = {.events = EPOLLOUT, .data.ptr = p};
	int on = 1;
	p->number = people_made++, p->since = now(), p->state = CONNECTING, in_flight++;
	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (p->fd < 0) die("socket: %s (ulimit -n)", strerror(errno));
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(p->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + p->number % SOURCES);
	there.sin_addr.s_addr = htonl(INADDR_LOOPBACK), there.sin_port = htons(o.port);
	if (bind(p->fd, (void *)&here, sizeof here)) die("bind: %s", strerror(errno));
	if (connect(p->fd, (void *)&there, sizeof there) && errno != EINPROGRESS) die("connect: %s", strerror(errno));
	epoll_ctl(poller, EPOLL_CTL_ADD, p->fd, &event);
}

static void settled(Person *p) { p->state = READY, ready++, in_flight--; }

static void quit(Person *p) {
	p->state = LEAVING, ready--;
	send_line(p, o.quit, "");
}

static void connected(Person *p) {
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = p};
	int error = 0;
	socklen_t size = sizeof error;
	getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (error) die("connect: %s", strerror(error));
	epoll_ctl(poller, EPOLL_CTL_MOD, p->fd, &event);
	if (!*o.login) settled(p);
	else p->state = LOGGING_IN, send_line(p, o.login, "");
}

static void say(int s, u64 due) {
	Sender *sender = &senders[s];
	char text[8192];
	u32 number = ++sender->sent;
	Person *p = &people[sender->who];
	int n = sprintf(text, "%s%04x%08x%012llx", tag, s, number, (unsigned long long)(due - base));
	memset(text + n, 'x', o.bytes), text[n > o.bytes ? n : o.bytes] = 0;
	sender->seen_by[number % RING] = 0;
	owed += members[p->room] - !o.echo;
	w_sent += measuring;
	send_line(p, o.say, text);
}

/* ---- lines ----------------------------------------------------------------------------------------------- */

static u64 hex(const char *digits, int n) {
	u64 value = 0;
	for (; n--; digits++) value = value << 4 | ((*digits & 15) + (*digits > '9' ? 9 : 0));
	return value;
}

static void delivery(Person *p, const char *message, u64 at) {
	u32 s = hex(message, 4), number = hex(message + 4, 8);
	u64 took = at - base - hex(message + 12, 12);
	if (s >= (u32)o.senders || people[senders[s].who].room != p->room) { astray++; return; }
	Sender *sender = &senders[s];
	Heard *h = &heard[(size_t)(p - people) * o.senders + s];
	if (number > h->last) {
		h->missing += number - h->last - 1;
		h->last = number, received++;
	} else if (h->missing) h->missing--, reordered++, received++;
	else { doubled++; return; }
	if (measuring) w_received++, note(&each_ms, took);
	if (++sender->seen_by[number % RING] == (u32)(members[p->room] - !o.echo) && measuring) note(&last_ms, took);
	if (p == &people[sender->witness]) sender->answered++;
}

static void progress(Person *p, const char *line) { /* a line on the way in */
	char wanted[512];
	if (p->state != LOGGING_IN && p->state != JOINING) return;
	fill(wanted, sizeof wanted, p->state == JOINING ? o.join_ok : o.login_ok, p, "");
	int or = p->state == LOGGING_IN && *o.login_or && strstr(line, o.login_or);
	if (!or && !strstr(line, wanted)) return;
	if (p->state == LOGGING_IN) note(&login_ms, now() - p->since);
	if (p->state == LOGGING_IN && *o.join) p->state = JOINING, send_line(p, o.join, "");
	else settled(p);
}

static void line(Person *p, char *start, char *end, u64 at) {
	static long usual; /* where in a line the message was last time: mostly where it is again */
	char *found = start + usual;
	if (end - found < MESSAGE || memcmp(found, tag, MARK)) found = memmem(start, end - start, tag, MARK);
	if (found && end - found >= MESSAGE) {
		usual = found - start;
		delivery(p, found + MARK, at);
		return;
	}
	*end = 0;
	if (end > start && end[-1] == '\r') end[-1] = 0;
	if (o.irc && !strncmp(start, "PING", 4)) start[1] = 'O', send_line(p, "{text}", start);
	else if (p->state == READY) other_lines++;
	else progress(p, start);
}

static void readable(Person *p) {
	char *start = text_in, *end;
	memcpy(text_in, p->rest, p->kept);
	ssize_t n = recv(p->fd, text_in + p->kept, sizeof text_in - p->kept, 0);
	if (n < 0 && errno == EAGAIN) return;
	if (n <= 0) {
		if (p->state == LEAVING) cycles += measuring;
		leave(p);
		return;
	}
	u64 at = now();
	w_reads += measuring;
	if (!*o.login) return;
	for (n += p->kept; (end = memchr(start, '\n', n)); n -= end + 1 - start, start = end + 1) line(p, start, end, at);
	if (n > 4096) die("a line of more than 4096 bytes");
	if (n && !p->rest) p->rest = zeros(4096, 1);
	if (n) memcpy(p->rest, start, n);
	p->kept = n;
}

/* Wait for events until then. Where a receiver sleeps, the server's own send() has to wake it, which no server
 * has to do for people on other machines: --poll N looks every N microseconds instead. */
static void pump(u64 until) {
	static struct epoll_event events[512];
	u64 t = now();
	struct timespec left = {0, 0}, pause = {0, o.poll > 0 ? o.poll * 1000 : 0};
	if (o.poll <= 0 && until > t) left.tv_sec = (until - t) / SECOND, left.tv_nsec = (until - t) % SECOND;
	int n = epoll_pwait2(poller, events, 512, &left, NULL);
	if (!n && o.poll > 0 && until > t) nanosleep(&pause, NULL);
	for (int i = 0; i < n; i++) {
		Person *p = events[i].data.ptr;
		if (p->state == CONNECTING) connected(p);
		else if (p->state != AWAY) readable(p);
	}
}

/* ---- modes ----------------------------------------------------------------------------------------------- */

static void everyone_in(void) {
	u64 deadline = now() + 120 * SECOND;
	int next = 0;
	while (ready < o.clients) {
		while (next < o.clients && in_flight < o.inflight) arrive(&people[next++]);
		pump(now() + SECOND / 50);
		if (now() > deadline) die("only %d of %d are in after two minutes", ready, o.clients);
	}
	for (u64 quiet = now() + o.settle * SECOND; now() < quiet;) pump(quiet);
}

static void talk(Clocks *from, Clocks *to) {
	u64 start = now(), t, due = 0, end = start + (o.warmup + o.time) * SECOND, said = 0, before;
	while ((t = now()) < end) {
		if (!measuring && t >= start + o.warmup * SECOND) measuring = 1, *from = clocks(o.pid);
		if (o.rate > 0)
			while ((due = start + said * SECOND / o.rate) <= t) say(said++ % o.senders, due);
		else
			for (int s = 0; s < o.senders; s++)
				while (senders[s].sent - senders[s].answered < (u32)o.window) say(s, now());
		pump(o.rate > 0 && due < end ? due : end);
	}
	*to = clocks(o.pid), measuring = 0;
	for (before = received, t = now(); received < owed && now() - t < 5 * SECOND; pump(now() + SECOND / 100))
		if (received != before) before = received, t = now();
}

static void come_and_go(Clocks *from, Clocks *to) {
	u64 start = now(), end = start + (o.warmup + o.time) * SECOND;
	while (now() < end) {
		if (!measuring && now() >= start + o.warmup * SECOND) measuring = 1, *from = clocks(o.pid);
		for (int i = 0; i < o.clients; i++) {
			if (people[i].state == AWAY) people[i].room = people_made % o.rooms, arrive(&people[i]);
			if (people[i].state == READY) quit(&people[i]);
		}
		pump(now() + SECOND / 100);
	}
	*to = clocks(o.pid), measuring = 0;
}

/* ---- one run --------------------------------------------------------------------------------------------- */

static void prepare(void) {
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max, setrlimit(RLIMIT_NOFILE, &files);
	prctl(PR_SET_TIMERSLACK, 1000);
	base = now(), poller = epoll_create1(0);
	srandom(base / 1000 ^ getpid());
	tag[0] = '~';
	for (int i = 1; i < MARK; i++) tag[i] = 'a' + random() % 26;
	people = zeros(o.clients, sizeof *people), senders = zeros(o.senders, sizeof *senders);
	members = zeros(o.rooms, sizeof *members), heard = zeros((size_t)o.clients * o.senders, sizeof *heard);
	for (int i = 0; i < o.clients; i++) people[i].room = i % o.rooms, members[i % o.rooms]++;
	for (int s = 0; s < o.senders; s++) {
		int room = s % o.rooms, place = s / o.rooms, size = members[room];
		senders[s].who = room + place * o.rooms;
		senders[s].witness = room + (place + size / 2) % (size ? size : 1) * o.rooms;
		senders[s].seen_by = zeros(RING, sizeof(u32));
	}
}

static void number(const char *name, double value) { printf(", \"%s\": %.6g", name, value); }

static void report(const char *mode, Clocks a, Clocks b, double count) {
	double wall = b.wall - a.wall, server = b.server - a.server, own = b.own - a.own;
	printf("{\"mode\": \"%s\"", mode);
	number("seconds", wall);
	number("count", count); /* deliveries, logins or cycles */
	number("per_second", count / wall);
	number("server_cpu_us_each", count ? server / count * 1e6 : 0);
	number("server_cpu_pct", server / wall * 100);
	number("generator_cpu_pct", own / wall * 100);
	number("foreign_cpu_pct", (b.machine - a.machine - server - own) / wall * 100);
	number("dropped", dropped);
}

static void report_talk(void) {
	number("messages", w_sent);
	number("lines_per_read", w_reads ? (double)w_received / w_reads : 0);
	number("p50_ms", quantile_ms(&each_ms, 0.5)), number("p99_ms", quantile_ms(&each_ms, 0.99));
	number("last_p50_ms", quantile_ms(&last_ms, 0.5)), number("last_p99_ms", quantile_ms(&last_ms, 0.99));
	number("owed", owed), number("received", received), number("lost", (double)owed - received);
	number("reordered", reordered), number("doubled", doubled), number("astray", astray);
	number("other_lines", other_lines);
}

static int option(const char *name, const char *value) {
	struct { const char *name; int *whole; double *real; const char **text; } table[] = {
		{"--port", &o.port}, {"--pid", &o.pid}, {"--clients", &o.clients}, {"--rooms", &o.rooms}, {"--bytes", &o.bytes},
		{"--senders", &o.senders}, {"--window", &o.window}, {"--inflight", &o.inflight}, {"--echo", &o.echo},
		{"--rate", 0, &o.rate}, {"--warmup", 0, &o.warmup}, {"--time", 0, &o.time}, {"--settle", 0, &o.settle},
		{"--poll", 0, &o.poll}, {"--login", 0, 0, &o.login}, {"--login-ok", 0, 0, &o.login_ok}, {"--say", 0, 0, &o.say},
		{"--join", 0, 0, &o.join}, {"--join-ok", 0, 0, &o.join_ok}, {"--quit", 0, 0, &o.quit}, {"--irc", &o.irc},
		{"--caps", 0, 0, &o.caps},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (strcmp(name, table[i].name)) continue;
		if (table[i].whole) *table[i].whole = atoi(value);
		if (table[i].real) *table[i].real = atof(value);
		if (table[i].text) *table[i].text = value;
		return 1;
	}
	return 0;
}

static void speak_irc(void) {
	static char with_caps[1024];
	o.login = "NICK {nick}\\r\\nUSER bench 0 * :bench", o.login_ok = " 376 ", o.login_or = " 422 ";
	o.join_ok = " 366 ", o.join = *o.join ? "JOIN #{room}" : "";
	o.say = "PRIVMSG #{room} :{text}", o.quit = "QUIT :bye", o.echo = strstr(o.caps, "echo-message") != NULL;
	if (!*o.caps) return;
	snprintf(with_caps, sizeof with_caps, "CAP REQ :%s\\r\\n%s\\r\\nCAP END", o.caps, o.login);
	o.login = with_caps;
}

int main(int count, char **words) {
	const char *mode = count > 1 ? words[1] : "";
	Clocks a, b;
	for (int i = 2; i < count; i += 2)
		if (i + 1 == count || !option(words[i], words[i + 1])) die("unknown option or no value: %s", words[i]);
	if (o.irc) speak_irc();
	if (!strcmp(mode, "sink")) o.login = "";
	if (!strcmp(mode, "churn")) o.clients = o.inflight;
	if (strcmp(mode, "fan")) o.senders = 0;
	if (o.clients < 1 || o.rooms < 1 || o.senders > o.clients || o.bytes > 4000) die("that many do not go together");
	if (o.poll < 0) o.poll = o.rate > 0 ? 50 : 0;
	prepare();
	long before = server_kib(o.pid);
	a = clocks(o.pid);
	if (!strcmp(mode, "fan")) {
		everyone_in(), talk(&a, &b);
		report(mode, a, b, w_received), report_talk();
	} else if (!strcmp(mode, "churn")) {
		come_and_go(&a, &b);
		report(mode, a, b, cycles);
	} else if (!strcmp(mode, "idle")) {
		everyone_in(), b = clocks(o.pid);
		b.wall -= o.settle;
		report(mode, a, b, ready);
		if (b.server > a.server) number("per_cpu_second", ready / (b.server - a.server));
		number("kib_each", (double)(server_kib(o.pid) - before) / ready);
		number("login_p50_ms", quantile_ms(&login_ms, 0.5)), number("login_p99_ms", quantile_ms(&login_ms, 0.99));
	} else if (!strcmp(mode, "sink")) {
		for (everyone_in(); ready;) pump(now() + SECOND / 10);
		return 0;
	} else die("no such mode: fan, idle, churn or sink");
	puts("}");
	return 0;
}
