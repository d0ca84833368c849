/* The protocol of an update on one page: what is durable when, and what may be done then. Checked by test/protocol/run.
 *
 * Kept: four copies of the metadata block behind a volatile cache, the counter, the checkpoint, the copy-back, the commit, and a
 * power cut or a reset between any two steps. Left out: all content of the block but phase and counter, write errors, the part of
 * the kernel.
 * A write is in the cache until it is flushed. A power cut keeps it, loses it, or leaves a torn copy, for each copy by itself;
 * and one copy may rot between two boots. What was copied back without a flush may be durable in part: a mixture.
 *
 * Each of these takes one rule out of the protocol, and the check must see it:
 *   PING_PONG    writes only half of the copies, in turn    NO_FLUSH     leaves them in the cache
 *   NO_REPAIR    acts without mending what lags behind      COUNT_LATE   hands over, then counts
 *   COPY_FIRST   copies before rolling-back is durable      EARLY_IDLE   is idle before the copied data is flushed
 *   WIPE_FIRST   wipes the store before idle is durable     NO_RESUME    mounts although a rollback has begun
 *   GOOD_EARLY   says "marked good" before it is durable    ONE_COPY     keeps a single copy
 *   STALE_CACHE  believes what it reads before it is durable
 *   REBOOTS      never comes to the end of a rollback (the only one that breaks comes_up) */
#ifdef ONE_COPY
#define COPIES 1
#define QUORUM 1
#else
#define COPIES 4
#define QUORUM 3
#endif
#define ATTEMPTS 2
#ifndef UPDATES
#define UPDATES 2
#endif
#ifndef CUTS
#define CUTS 3
#endif
#ifndef ROTS
#define ROTS 1
#endif

mtype = { IDLE, ARMED, TRIAL, ROLLING, PRE, CUR, MIX };

typedef Copy { byte seq; mtype phase; byte left; bool bad };
Copy disk[COPIES];                    /* durable */
Copy cache[COPIES];                   /* what a read returns */
bool dirty[COPIES];
mtype data = PRE;                     /* the volume: as at the checkpoint, newer, or a mixture */
bool unflushed = false;               /* the copy-back is in the device's cache */
bool store = false;                   /* has the old content of all that is newer */
bool readable; byte seq; mtype phase; byte left;   /* what is believed */
byte updates = 0, cuts = 0, rots = 0, i, k;

/* Ghosts, for what must hold over time. */
bool mounted = false, good = false, back = false, copying = false;
mtype kept = PRE;                     /* what somebody was told would stay */
byte trials = 0;                      /* how often this trial was handed over */

inline cut() { if :: cuts < CUTS -> cuts++; if :: goto power_cut :: goto next fi :: true fi }   /* or only a reset: the cache stays */
inline same(to, from) { to.seq = from.seq; to.phase = from.phase; to.left = from.left; to.bad = from.bad }
inline flush() { atomic { for (k : 0 .. COPIES - 1) { if :: dirty[k] -> same(disk[k], cache[k]); dirty[k] = false :: else fi } } }
inline put(n) { atomic { cache[n].seq = seq; cache[n].phase = phase; cache[n].left = left; cache[n].bad = false; dirty[n] = true } }

/* One copy after the other, each behind a flush. */
inline transition(to, count) {
  d_step { seq++; phase = to; left = count; i = 0 };
  do
  :: i < COPIES ->
#ifdef PING_PONG
     if :: i % 2 == seq % 2 -> put(i) :: else fi;
#else
     put(i);
#endif
     cut();
#ifndef NO_FLUSH
     flush(); cut();
#endif
     i++
  :: else -> break
  od; skip
}

inline look() { atomic {
  readable = false; seq = 0; phase = IDLE; left = 0;
  for (k : 0 .. COPIES - 1) {
    if
    :: !cache[k].bad ->
       assert(!readable || cache[k].seq != seq || (cache[k].phase == phase && cache[k].left == left));   /* no twins */
       if :: !readable || cache[k].seq > seq -> readable = true; seq = cache[k].seq; phase = cache[k].phase; left = cache[k].left
          :: else fi
    :: else fi
  } } }

inline repair() {
#ifndef STALE_CACHE
  flush();
#endif
  i = 0;
  do
  :: i < COPIES -> if :: cache[i].bad || cache[i].seq != seq -> put(i); cut(); flush(); cut() :: else fi; i++
  :: else -> break
  od; skip
}

/* Enough copies would say so, were the power cut now. */
inline is_durable() { atomic {
  i = 0; for (k : 0 .. COPIES - 1) { if :: !disk[k].bad && disk[k].seq == seq -> i++ :: else fi };
  assert(i >= QUORUM) } }

inline hand_over() {
  d_step {
    assert(data != MIX);
    assert(!good || data == kept);            /* an acknowledged mark-good stays */
    assert(!back || data == PRE);             /* and so does a rollback */
    if :: phase == TRIAL -> trials++; assert(trials <= ATTEMPTS); assert(store) :: else fi;
    mounted = true
  }
}

active proctype machine() {
  atomic { for (k : 0 .. COPIES - 1) { disk[k].phase = IDLE; cache[k].phase = IDLE } };
boot:
  skip;
  look();
  assert(readable);                           /* one torn and one rotten copy leave two */
#ifndef NO_REPAIR
  repair();
#endif
  if
  :: phase == IDLE -> hand_over(); goto running
  :: phase == ARMED -> d_step { store = true; data = PRE; trials = 0 }; goto count
  :: phase == TRIAL && left > 0 -> goto count
  :: phase == TRIAL && left == 0 -> skip
  :: phase == TRIAL -> transition(IDLE, 0); goto committed     /* by the command line */
  :: phase == ROLLING -> skip
  fi;
#ifdef NO_RESUME
  if :: phase == ROLLING -> hand_over(); goto running :: else fi;
#endif
#ifdef COPY_FIRST
  d_step { data = MIX; unflushed = true }; cut(); d_step { data = PRE; unflushed = false };
#endif
  if :: phase == TRIAL -> transition(ROLLING, 0) :: else fi;
  is_durable();
  assert(store);                              /* the way back is whole until the end */
  d_step { data = MIX; unflushed = true }; cut();
#ifndef EARLY_IDLE
  d_step { data = PRE; unflushed = false }; cut();
#endif
#ifdef WIPE_FIRST
  store = false; cut();
#endif
#ifdef REBOOTS
  goto next;
#endif
  transition(IDLE, 0);
  d_step { if :: unflushed -> data = PRE; unflushed = false :: else fi; back = true; store = false };
  hand_over(); goto running;
count:
#ifdef COUNT_LATE
  if :: phase == ARMED -> transition(TRIAL, ATTEMPTS) :: else fi;
  hand_over(); cut(); transition(TRIAL, left - 1);
#else
  if :: phase == ARMED -> transition(TRIAL, ATTEMPTS - 1) :: else -> transition(TRIAL, left - 1) fi;
  is_durable();
  hand_over();
#endif
running:
  if
  :: phase == TRIAL -> data = CUR; cut()      /* through the stack: the store keeps what was */
  :: true
  fi;
  if
  :: phase == TRIAL ->                        /* mark-good */
#ifdef GOOD_EARLY
     d_step { good = true; kept = data }; cut();
#endif
     transition(IDLE, 0); is_durable();
committed:
     skip;                                    /* nothing may jump into a d_step */
     d_step { good = true; kept = data; store = false }; mounted = true; cut()
  :: phase == TRIAL && left > 0 -> transition(TRIAL, 0)        /* mark-bad */
  :: phase == IDLE && updates < UPDATES -> d_step { updates++; good = false; back = false }; transition(ARMED, 0)
  :: true
  fi;
  goto next;                                  /* an orderly reboot */
power_cut:
  i = 0;
  do
  :: i < COPIES ->
     if :: dirty[i] -> same(disk[i], cache[i]) :: dirty[i] -> skip :: dirty[i] -> disk[i].bad = true :: !dirty[i] fi;
     d_step { dirty[i] = false; same(cache[i], disk[i]); i++ }
  :: else -> break
  od;
  if :: unflushed -> unflushed = false; if :: data = PRE :: data = CUR :: data = MIX fi :: else fi;
next:
  skip;
  atomic { mounted = false; i = 0 };
  if
  :: rots < ROTS -> if :: i = 0 :: COPIES > 1 -> i = 1 :: COPIES > 2 -> i = 2 :: COPIES > 3 -> i = 3 fi;
     d_step { rots++; disk[i].bad = true; cache[i].bad = true }
  :: true
  fi;
  goto boot
}

/* Whatever has happened, the volume is mounted in the end, with nobody there. */
ltl comes_up { [] <> mounted }
