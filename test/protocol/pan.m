#define rand	pan_rand
#define pthread_equal(a,b)	((a)==(b))
#if defined(HAS_CODE) && defined(VERBOSE)
	#ifdef BFS_PAR
		bfs_printf("Pr: %d Tr: %d\n", II, t->forw);
	#else
		cpu_printf("Pr: %d Tr: %d\n", II, t->forw);
	#endif
#endif
	switch (t->forw) {
	default: Uerror("bad forward move");
	case 0:	/* if without executable clauses */
		continue;
	case 1: /* generic 'goto' or 'skip' */
		IfNotBlocked
		_m = 3; goto P999;
	case 2: /* generic 'else' */
		IfNotBlocked
		if (trpt->o_pm&1) continue;
		_m = 3; goto P999;

		 /* CLAIM comes_up */
	case 3: // STATE 1 - _spin_nvr.tmp:3 - [(!(mounted))] (0:0:0 - 1)
		
#if defined(VERI) && !defined(NP)
#if NCLAIMS>1
		{	static int reported1 = 0;
			if (verbose && !reported1)
			{	int nn = (int) ((Pclaim *)pptr(0))->_n;
				printf("depth %ld: Claim %s (%d), state %d (line %d)\n",
					depth, procname[spin_c_typ[nn]], nn, (int) ((Pclaim *)pptr(0))->_p, src_claim[ (int) ((Pclaim *)pptr(0))->_p ]);
				reported1 = 1;
				fflush(stdout);
		}	}
#else
		{	static int reported1 = 0;
			if (verbose && !reported1)
			{	printf("depth %d: Claim, state %d (line %d)\n",
					(int) depth, (int) ((Pclaim *)pptr(0))->_p, src_claim[ (int) ((Pclaim *)pptr(0))->_p ]);
				reported1 = 1;
				fflush(stdout);
		}	}
#endif
#endif
		reached[1][1] = 1;
		if (!( !(((int)now.mounted))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 4: // STATE 8 - _spin_nvr.tmp:8 - [(!(mounted))] (0:0:0 - 1)
		
#if defined(VERI) && !defined(NP)
#if NCLAIMS>1
		{	static int reported8 = 0;
			if (verbose && !reported8)
			{	int nn = (int) ((Pclaim *)pptr(0))->_n;
				printf("depth %ld: Claim %s (%d), state %d (line %d)\n",
					depth, procname[spin_c_typ[nn]], nn, (int) ((Pclaim *)pptr(0))->_p, src_claim[ (int) ((Pclaim *)pptr(0))->_p ]);
				reported8 = 1;
				fflush(stdout);
		}	}
#else
		{	static int reported8 = 0;
			if (verbose && !reported8)
			{	printf("depth %d: Claim, state %d (line %d)\n",
					(int) depth, (int) ((Pclaim *)pptr(0))->_p, src_claim[ (int) ((Pclaim *)pptr(0))->_p ]);
				reported8 = 1;
				fflush(stdout);
		}	}
#endif
#endif
		reached[1][8] = 1;
		if (!( !(((int)now.mounted))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 5: // STATE 13 - _spin_nvr.tmp:10 - [-end-] (0:0:0 - 1)
		
#if defined(VERI) && !defined(NP)
#if NCLAIMS>1
		{	static int reported13 = 0;
			if (verbose && !reported13)
			{	int nn = (int) ((Pclaim *)pptr(0))->_n;
				printf("depth %ld: Claim %s (%d), state %d (line %d)\n",
					depth, procname[spin_c_typ[nn]], nn, (int) ((Pclaim *)pptr(0))->_p, src_claim[ (int) ((Pclaim *)pptr(0))->_p ]);
				reported13 = 1;
				fflush(stdout);
		}	}
#else
		{	static int reported13 = 0;
			if (verbose && !reported13)
			{	printf("depth %d: Claim, state %d (line %d)\n",
					(int) depth, (int) ((Pclaim *)pptr(0))->_p, src_claim[ (int) ((Pclaim *)pptr(0))->_p ]);
				reported13 = 1;
				fflush(stdout);
		}	}
#endif
#endif
		reached[1][13] = 1;
		if (!delproc(1, II)) continue;
		_m = 3; goto P999; /* 0 */

		 /* PROC machine */
	case 6: // STATE 1 - update.pml:108 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][1] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 7: // STATE 2 - update.pml:108 - [((k<=(4-1)))] (8:0:3 - 1)
		IfNotBlocked
		reached[0][2] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		/* merge: disk[k].phase = IDLE(8, 3, 8) */
		reached[0][3] = 1;
		(trpt+1)->bup.ovals = grab_ints(3);
		(trpt+1)->bup.ovals[0] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = 7;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: cache[k].phase = IDLE(8, 4, 8) */
		reached[0][4] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.k), 4) ].phase;
		now.cache[ Index(now.k, 4) ].phase = 7;
#ifdef VAR_RANGES
		logval("cache[k].phase", now.cache[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: k = (k+1)(8, 5, 8) */
		reached[0][5] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 9, 8) */
		reached[0][9] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 8: // STATE 13 - update.pml:74 - [readable = 0] (0:35:5 - 1)
		IfNotBlocked
		reached[0][13] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.readable);
		now.readable = 0;
#ifdef VAR_RANGES
		logval("readable", ((int)now.readable));
#endif
		;
		/* merge: seq = 0(35, 14, 35) */
		reached[0][14] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.seq);
		now.seq = 0;
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
		/* merge: phase = IDLE(35, 15, 35) */
		reached[0][15] = 1;
		(trpt+1)->bup.ovals[2] = now.phase;
		now.phase = 7;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
		/* merge: left = 0(35, 16, 35) */
		reached[0][16] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.left);
		now.left = 0;
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
		/* merge: k = 0(35, 17, 35) */
		reached[0][17] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 36, 35) */
		reached[0][36] = 1;
		;
		_m = 3; goto P999; /* 5 */
	case 9: // STATE 18 - update.pml:75 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][18] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 10: // STATE 19 - update.pml:77 - [(!(cache[k].bad))] (27:0:0 - 1)
		IfNotBlocked
		reached[0][19] = 1;
		if (!( !(((int)now.cache[ Index(((int)now.k), 4) ].bad))))
			continue;
		/* merge: assert(((!(readable)||(cache[k].seq!=seq))||((cache[k].phase==phase)&&(cache[k].left==left))))(0, 20, 27) */
		reached[0][20] = 1;
		spin_assert((( !(((int)now.readable))||(((int)now.cache[ Index(((int)now.k), 4) ].seq)!=((int)now.seq)))||((now.cache[ Index(((int)now.k), 4) ].phase==now.phase)&&(((int)now.cache[ Index(((int)now.k), 4) ].left)==((int)now.left)))), "(( !(readable)||(cache[k].seq!=seq))||((cache[k].phase==phase)&&(cache[k].left==left)))", II, tt, t);
		_m = 3; goto P999; /* 1 */
	case 11: // STATE 21 - update.pml:79 - [((!(readable)||(cache[k].seq>seq)))] (35:0:5 - 1)
		IfNotBlocked
		reached[0][21] = 1;
		if (!(( !(((int)now.readable))||(((int)now.cache[ Index(((int)now.k), 4) ].seq)>((int)now.seq)))))
			continue;
		/* merge: readable = 1(35, 22, 35) */
		reached[0][22] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.readable);
		now.readable = 1;
#ifdef VAR_RANGES
		logval("readable", ((int)now.readable));
#endif
		;
		/* merge: seq = cache[k].seq(35, 23, 35) */
		reached[0][23] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.seq);
		now.seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
		/* merge: phase = cache[k].phase(35, 24, 35) */
		reached[0][24] = 1;
		(trpt+1)->bup.ovals[2] = now.phase;
		now.phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
		/* merge: left = cache[k].left(35, 25, 35) */
		reached[0][25] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.left);
		now.left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
		/* merge: .(goto)(35, 28, 35) */
		reached[0][28] = 1;
		;
		/* merge: .(goto)(35, 31, 35) */
		reached[0][31] = 1;
		;
		/* merge: k = (k+1)(35, 32, 35) */
		reached[0][32] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 36, 35) */
		reached[0][36] = 1;
		;
		_m = 3; goto P999; /* 8 */
	case 12: // STATE 32 - update.pml:75 - [k = (k+1)] (0:35:1 - 5)
		IfNotBlocked
		reached[0][32] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 36, 35) */
		reached[0][36] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 13: // STATE 40 - update.pml:112 - [assert(readable)] (0:0:0 - 1)
		IfNotBlocked
		reached[0][40] = 1;
		spin_assert(((int)now.readable), "readable", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 14: // STATE 41 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][41] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 15: // STATE 42 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][42] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 16: // STATE 43 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][43] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 17: // STATE 44 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:56:6 - 1)
		IfNotBlocked
		reached[0][44] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(56, 45, 56) */
		reached[0][45] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(56, 46, 56) */
		reached[0][46] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(56, 47, 56) */
		reached[0][47] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(56, 49, 56) */
		reached[0][49] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(56, 52, 56) */
		reached[0][52] = 1;
		;
		/* merge: k = (k+1)(56, 53, 56) */
		reached[0][53] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 57, 56) */
		reached[0][57] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 18: // STATE 53 - update.pml:51 - [k = (k+1)] (0:56:1 - 3)
		IfNotBlocked
		reached[0][53] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 57, 56) */
		reached[0][57] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 19: // STATE 61 - update.pml:85 - [i = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][61] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 20: // STATE 62 - update.pml:87 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][62] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 21: // STATE 63 - update.pml:87 - [((cache[i].bad||(cache[i].seq!=seq)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][63] = 1;
		if (!((((int)now.cache[ Index(((int)now.i), 4) ].bad)||(((int)now.cache[ Index(((int)now.i), 4) ].seq)!=((int)now.seq)))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 22: // STATE 64 - update.pml:52 - [cache[i].seq = seq] (0:76:5 - 1)
		IfNotBlocked
		reached[0][64] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(76, 65, 76) */
		reached[0][65] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(76, 66, 76) */
		reached[0][66] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(76, 67, 76) */
		reached[0][67] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(76, 68, 76) */
		reached[0][68] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 23: // STATE 71 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][71] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 24: // STATE 77 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][77] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 25: // STATE 78 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][78] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 26: // STATE 79 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][79] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 27: // STATE 80 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:92:6 - 1)
		IfNotBlocked
		reached[0][80] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(92, 81, 92) */
		reached[0][81] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(92, 82, 92) */
		reached[0][82] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(92, 83, 92) */
		reached[0][83] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(92, 85, 92) */
		reached[0][85] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(92, 88, 92) */
		reached[0][88] = 1;
		;
		/* merge: k = (k+1)(92, 89, 92) */
		reached[0][89] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 93, 92) */
		reached[0][93] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 28: // STATE 89 - update.pml:51 - [k = (k+1)] (0:92:1 - 3)
		IfNotBlocked
		reached[0][89] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 93, 92) */
		reached[0][93] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 29: // STATE 97 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][97] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 30: // STATE 106 - update.pml:87 - [i = (i+1)] (0:0:1 - 4)
		IfNotBlocked
		reached[0][106] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 31: // STATE 114 - update.pml:117 - [((phase==IDLE))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][114] = 1;
		if (!((now.phase==7)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 32: // STATE 126 - update.pml:98 - [D_STEP98]
		/* default 258 */
		

		reached[0][126] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_114_0: /* 2 */
		spin_assert((now.data!=1), "(data!=1)", II, tt, t);
S_115_0: /* 2 */
		spin_assert(( !(((int)now.good))||(now.data==now.kept)), "( !(good)||(data==kept))", II, tt, t);
S_116_0: /* 2 */
		spin_assert(( !(((int)now.back))||(now.data==3)), "( !(back)||(data==3))", II, tt, t);
S_122_0: /* 2 */
S_117_0: /* 2 */
		if (!((now.phase==5)))
			goto S_122_1;
S_118_0: /* 2 */
		now.trials = (((int)now.trials)+1);
#ifdef VAR_RANGES
		logval("trials", ((int)now.trials));
#endif
		;
S_119_0: /* 2 */
		spin_assert((((int)now.trials)<=2), "(trials<=2)", II, tt, t);
S_120_0: /* 2 */
		spin_assert(((int)now.store), "store", II, tt, t);
		goto S_123_0;
S_122_1: /* 3 */
S_121_0: /* 2 */
		/* else */;
		goto S_123_0;
S_122_2: /* 3 */
		Uerror("blocking sel in d_step (nr.0, near line 102)");
S_123_0: /* 2 */
S_124_0: /* 2 */
		now.mounted = 1;
#ifdef VAR_RANGES
		logval("mounted", ((int)now.mounted));
#endif
		;
		goto S_127_0;
S_127_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 33: // STATE 129 - update.pml:118 - [((phase==ARMED))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][129] = 1;
		if (!((now.phase==6)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 34: // STATE 133 - update.pml:118 - [D_STEP118]
		IfNotBlocked

		reached[0][133] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_129_0: /* 2 */
		now.store = 1;
#ifdef VAR_RANGES
		logval("store", ((int)now.store));
#endif
		;
S_130_0: /* 2 */
		now.data = 3;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
S_131_0: /* 2 */
		now.trials = 0;
#ifdef VAR_RANGES
		logval("trials", ((int)now.trials));
#endif
		;
		goto S_133_0;
S_133_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 35: // STATE 135 - update.pml:119 - [(((phase==TRIAL)&&(left>0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][135] = 1;
		if (!(((now.phase==5)&&(((int)now.left)>0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 36: // STATE 137 - update.pml:120 - [(((phase==TRIAL)&&(left==0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][137] = 1;
		if (!(((now.phase==5)&&(((int)now.left)==0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 37: // STATE 139 - update.pml:121 - [((phase==TRIAL))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][139] = 1;
		if (!((now.phase==5)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 38: // STATE 144 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][144] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_139_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_140_0: /* 2 */
		now.phase = 7;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_141_0: /* 2 */
		now.left = 0;
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_142_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_188_0;
S_188_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 39: // STATE 145 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][145] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 40: // STATE 146 - update.pml:52 - [cache[i].seq = seq] (0:158:5 - 1)
		IfNotBlocked
		reached[0][146] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(158, 147, 158) */
		reached[0][147] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(158, 148, 158) */
		reached[0][148] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(158, 149, 158) */
		reached[0][149] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(158, 150, 158) */
		reached[0][150] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 41: // STATE 153 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][153] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 42: // STATE 159 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][159] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 43: // STATE 160 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][160] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 44: // STATE 161 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][161] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 45: // STATE 162 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:174:6 - 1)
		IfNotBlocked
		reached[0][162] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(174, 163, 174) */
		reached[0][163] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(174, 164, 174) */
		reached[0][164] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(174, 165, 174) */
		reached[0][165] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(174, 167, 174) */
		reached[0][167] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(174, 170, 174) */
		reached[0][170] = 1;
		;
		/* merge: k = (k+1)(174, 171, 174) */
		reached[0][171] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 175, 174) */
		reached[0][175] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 46: // STATE 171 - update.pml:51 - [k = (k+1)] (0:174:1 - 3)
		IfNotBlocked
		reached[0][171] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 175, 174) */
		reached[0][175] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 47: // STATE 179 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][179] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 48: // STATE 185 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][185] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 49: // STATE 194 - update.pml:122 - [((phase==ROLLING))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][194] = 1;
		if (!((now.phase==4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 50: // STATE 198 - update.pml:130 - [((phase==TRIAL))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][198] = 1;
		if (!((now.phase==5)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 51: // STATE 203 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][203] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_198_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_199_0: /* 2 */
		now.phase = 4;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_200_0: /* 2 */
		now.left = 0;
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_201_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_247_0;
S_247_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 52: // STATE 204 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][204] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 53: // STATE 205 - update.pml:52 - [cache[i].seq = seq] (0:217:5 - 1)
		IfNotBlocked
		reached[0][205] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(217, 206, 217) */
		reached[0][206] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(217, 207, 217) */
		reached[0][207] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(217, 208, 217) */
		reached[0][208] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(217, 209, 217) */
		reached[0][209] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 54: // STATE 212 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][212] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 55: // STATE 218 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][218] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 56: // STATE 219 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][219] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 57: // STATE 220 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][220] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 58: // STATE 221 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:233:6 - 1)
		IfNotBlocked
		reached[0][221] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(233, 222, 233) */
		reached[0][222] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(233, 223, 233) */
		reached[0][223] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(233, 224, 233) */
		reached[0][224] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(233, 226, 233) */
		reached[0][226] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(233, 229, 233) */
		reached[0][229] = 1;
		;
		/* merge: k = (k+1)(233, 230, 233) */
		reached[0][230] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 234, 233) */
		reached[0][234] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 59: // STATE 230 - update.pml:51 - [k = (k+1)] (0:233:1 - 3)
		IfNotBlocked
		reached[0][230] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 234, 233) */
		reached[0][234] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 60: // STATE 238 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][238] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 61: // STATE 244 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][244] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 62: // STATE 255 - update.pml:94 - [i = 0] (0:266:2 - 1)
		IfNotBlocked
		reached[0][255] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.i);
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		/* merge: k = 0(266, 256, 266) */
		reached[0][256] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 267, 266) */
		reached[0][267] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 63: // STATE 257 - update.pml:94 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][257] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 64: // STATE 258 - update.pml:94 - [((!(disk[k].bad)&&(disk[k].seq==seq)))] (266:0:2 - 1)
		IfNotBlocked
		reached[0][258] = 1;
		if (!(( !(((int)now.disk[ Index(((int)now.k), 4) ].bad))&&(((int)now.disk[ Index(((int)now.k), 4) ].seq)==((int)now.seq)))))
			continue;
		/* merge: i = (i+1)(266, 259, 266) */
		reached[0][259] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		/* merge: .(goto)(266, 262, 266) */
		reached[0][262] = 1;
		;
		/* merge: k = (k+1)(266, 263, 266) */
		reached[0][263] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 267, 266) */
		reached[0][267] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 65: // STATE 263 - update.pml:94 - [k = (k+1)] (0:266:1 - 3)
		IfNotBlocked
		reached[0][263] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 267, 266) */
		reached[0][267] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 66: // STATE 269 - update.pml:95 - [assert((i>=3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][269] = 1;
		spin_assert((((int)now.i)>=3), "(i>=3)", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 67: // STATE 272 - update.pml:132 - [assert(store)] (0:0:0 - 1)
		IfNotBlocked
		reached[0][272] = 1;
		spin_assert(((int)now.store), "store", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 68: // STATE 275 - update.pml:133 - [D_STEP133]
		IfNotBlocked

		reached[0][275] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_272_0: /* 2 */
		now.data = 1;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
S_273_0: /* 2 */
		now.unflushed = 1;
#ifdef VAR_RANGES
		logval("unflushed", ((int)now.unflushed));
#endif
		;
		goto S_280_0;
S_280_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 69: // STATE 276 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][276] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 70: // STATE 284 - update.pml:135 - [D_STEP135]
		IfNotBlocked

		reached[0][284] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_281_0: /* 2 */
		now.data = 3;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
S_282_0: /* 2 */
		now.unflushed = 0;
#ifdef VAR_RANGES
		logval("unflushed", ((int)now.unflushed));
#endif
		;
		goto S_289_0;
S_289_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 71: // STATE 285 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][285] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 72: // STATE 295 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][295] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_290_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_291_0: /* 2 */
		now.phase = 7;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_292_0: /* 2 */
		now.left = 0;
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_293_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_339_0;
S_339_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 73: // STATE 296 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][296] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 74: // STATE 297 - update.pml:52 - [cache[i].seq = seq] (0:309:5 - 1)
		IfNotBlocked
		reached[0][297] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(309, 298, 309) */
		reached[0][298] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(309, 299, 309) */
		reached[0][299] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(309, 300, 309) */
		reached[0][300] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(309, 301, 309) */
		reached[0][301] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 75: // STATE 304 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][304] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 76: // STATE 310 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][310] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 77: // STATE 311 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][311] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 78: // STATE 312 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][312] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 79: // STATE 313 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:325:6 - 1)
		IfNotBlocked
		reached[0][313] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(325, 314, 325) */
		reached[0][314] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(325, 315, 325) */
		reached[0][315] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(325, 316, 325) */
		reached[0][316] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(325, 318, 325) */
		reached[0][318] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(325, 321, 325) */
		reached[0][321] = 1;
		;
		/* merge: k = (k+1)(325, 322, 325) */
		reached[0][322] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 326, 325) */
		reached[0][326] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 80: // STATE 322 - update.pml:51 - [k = (k+1)] (0:325:1 - 3)
		IfNotBlocked
		reached[0][322] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 326, 325) */
		reached[0][326] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 81: // STATE 330 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][330] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 82: // STATE 336 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][336] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 83: // STATE 352 - update.pml:141 - [D_STEP141]
		if (!(((boq == -1 && ((int)now.unflushed))) || (boq == -1 /* else */)))
			continue;

		reached[0][352] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_347_0: /* 2 */
S_343_0: /* 2 */
		if (!(((int)now.unflushed)))
			goto S_347_1;
S_344_0: /* 2 */
		now.data = 3;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
S_345_0: /* 2 */
		now.unflushed = 0;
#ifdef VAR_RANGES
		logval("unflushed", ((int)now.unflushed));
#endif
		;
		goto S_348_0;
S_347_1: /* 3 */
S_346_0: /* 2 */
		/* else */;
		goto S_348_0;
S_347_2: /* 3 */
		Uerror("blocking sel in d_step (nr.1, near line 141)");
S_348_0: /* 2 */
S_349_0: /* 2 */
		now.back = 1;
#ifdef VAR_RANGES
		logval("back", ((int)now.back));
#endif
		;
S_350_0: /* 2 */
		now.store = 0;
#ifdef VAR_RANGES
		logval("store", ((int)now.store));
#endif
		;
		goto S_364_0;
S_364_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 84: // STATE 364 - update.pml:98 - [D_STEP98]
		/* default 258 */
		

		reached[0][364] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_352_0: /* 2 */
		spin_assert((now.data!=1), "(data!=1)", II, tt, t);
S_353_0: /* 2 */
		spin_assert(( !(((int)now.good))||(now.data==now.kept)), "( !(good)||(data==kept))", II, tt, t);
S_354_0: /* 2 */
		spin_assert(( !(((int)now.back))||(now.data==3)), "( !(back)||(data==3))", II, tt, t);
S_360_0: /* 2 */
S_355_0: /* 2 */
		if (!((now.phase==5)))
			goto S_360_1;
S_356_0: /* 2 */
		now.trials = (((int)now.trials)+1);
#ifdef VAR_RANGES
		logval("trials", ((int)now.trials));
#endif
		;
S_357_0: /* 2 */
		spin_assert((((int)now.trials)<=2), "(trials<=2)", II, tt, t);
S_358_0: /* 2 */
		spin_assert(((int)now.store), "store", II, tt, t);
		goto S_361_0;
S_360_1: /* 3 */
S_359_0: /* 2 */
		/* else */;
		goto S_361_0;
S_360_2: /* 3 */
		Uerror("blocking sel in d_step (nr.2, near line 102)");
S_361_0: /* 2 */
S_362_0: /* 2 */
		now.mounted = 1;
#ifdef VAR_RANGES
		logval("mounted", ((int)now.mounted));
#endif
		;
		goto S_365_0;
S_365_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 85: // STATE 367 - update.pml:148 - [((phase==ARMED))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][367] = 1;
		if (!((now.phase==6)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 86: // STATE 372 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][372] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_367_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_368_0: /* 2 */
		now.phase = 5;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_369_0: /* 2 */
		now.left = (2-1);
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_370_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_416_0;
S_416_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 87: // STATE 373 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][373] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 88: // STATE 374 - update.pml:52 - [cache[i].seq = seq] (0:386:5 - 1)
		IfNotBlocked
		reached[0][374] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(386, 375, 386) */
		reached[0][375] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(386, 376, 386) */
		reached[0][376] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(386, 377, 386) */
		reached[0][377] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(386, 378, 386) */
		reached[0][378] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 89: // STATE 381 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][381] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 90: // STATE 387 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][387] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 91: // STATE 388 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][388] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 92: // STATE 389 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][389] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 93: // STATE 390 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:402:6 - 1)
		IfNotBlocked
		reached[0][390] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(402, 391, 402) */
		reached[0][391] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(402, 392, 402) */
		reached[0][392] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(402, 393, 402) */
		reached[0][393] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(402, 395, 402) */
		reached[0][395] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(402, 398, 402) */
		reached[0][398] = 1;
		;
		/* merge: k = (k+1)(402, 399, 402) */
		reached[0][399] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 403, 402) */
		reached[0][403] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 94: // STATE 399 - update.pml:51 - [k = (k+1)] (0:402:1 - 3)
		IfNotBlocked
		reached[0][399] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 403, 402) */
		reached[0][403] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 95: // STATE 407 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][407] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 96: // STATE 413 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][413] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 97: // STATE 426 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][426] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_421_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_422_0: /* 2 */
		now.phase = 5;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_423_0: /* 2 */
		now.left = (((int)now.left)-1);
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_424_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_470_0;
S_470_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 98: // STATE 427 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][427] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 99: // STATE 428 - update.pml:52 - [cache[i].seq = seq] (0:440:5 - 1)
		IfNotBlocked
		reached[0][428] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(440, 429, 440) */
		reached[0][429] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(440, 430, 440) */
		reached[0][430] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(440, 431, 440) */
		reached[0][431] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(440, 432, 440) */
		reached[0][432] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 100: // STATE 435 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][435] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 101: // STATE 441 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][441] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 102: // STATE 442 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][442] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 103: // STATE 443 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][443] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 104: // STATE 444 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:456:6 - 1)
		IfNotBlocked
		reached[0][444] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(456, 445, 456) */
		reached[0][445] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(456, 446, 456) */
		reached[0][446] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(456, 447, 456) */
		reached[0][447] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(456, 449, 456) */
		reached[0][449] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(456, 452, 456) */
		reached[0][452] = 1;
		;
		/* merge: k = (k+1)(456, 453, 456) */
		reached[0][453] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 457, 456) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 105: // STATE 453 - update.pml:51 - [k = (k+1)] (0:456:1 - 3)
		IfNotBlocked
		reached[0][453] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 457, 456) */
		reached[0][457] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 106: // STATE 461 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][461] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 107: // STATE 467 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][467] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 108: // STATE 477 - update.pml:94 - [i = 0] (0:488:2 - 1)
		IfNotBlocked
		reached[0][477] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.i);
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		/* merge: k = 0(488, 478, 488) */
		reached[0][478] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 489, 488) */
		reached[0][489] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 109: // STATE 479 - update.pml:94 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][479] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 110: // STATE 480 - update.pml:94 - [((!(disk[k].bad)&&(disk[k].seq==seq)))] (488:0:2 - 1)
		IfNotBlocked
		reached[0][480] = 1;
		if (!(( !(((int)now.disk[ Index(((int)now.k), 4) ].bad))&&(((int)now.disk[ Index(((int)now.k), 4) ].seq)==((int)now.seq)))))
			continue;
		/* merge: i = (i+1)(488, 481, 488) */
		reached[0][481] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		/* merge: .(goto)(488, 484, 488) */
		reached[0][484] = 1;
		;
		/* merge: k = (k+1)(488, 485, 488) */
		reached[0][485] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 489, 488) */
		reached[0][489] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 111: // STATE 485 - update.pml:94 - [k = (k+1)] (0:488:1 - 3)
		IfNotBlocked
		reached[0][485] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 489, 488) */
		reached[0][489] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 112: // STATE 491 - update.pml:95 - [assert((i>=3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][491] = 1;
		spin_assert((((int)now.i)>=3), "(i>=3)", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 113: // STATE 505 - update.pml:98 - [D_STEP98]
		/* default 258 */
		

		reached[0][505] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_493_0: /* 2 */
		spin_assert((now.data!=1), "(data!=1)", II, tt, t);
S_494_0: /* 2 */
		spin_assert(( !(((int)now.good))||(now.data==now.kept)), "( !(good)||(data==kept))", II, tt, t);
S_495_0: /* 2 */
		spin_assert(( !(((int)now.back))||(now.data==3)), "( !(back)||(data==3))", II, tt, t);
S_501_0: /* 2 */
S_496_0: /* 2 */
		if (!((now.phase==5)))
			goto S_501_1;
S_497_0: /* 2 */
		now.trials = (((int)now.trials)+1);
#ifdef VAR_RANGES
		logval("trials", ((int)now.trials));
#endif
		;
S_498_0: /* 2 */
		spin_assert((((int)now.trials)<=2), "(trials<=2)", II, tt, t);
S_499_0: /* 2 */
		spin_assert(((int)now.store), "store", II, tt, t);
		goto S_502_0;
S_501_1: /* 3 */
S_500_0: /* 2 */
		/* else */;
		goto S_502_0;
S_501_2: /* 3 */
		Uerror("blocking sel in d_step (nr.3, near line 102)");
S_502_0: /* 2 */
S_503_0: /* 2 */
		now.mounted = 1;
#ifdef VAR_RANGES
		logval("mounted", ((int)now.mounted));
#endif
		;
		goto S_515_0;
S_515_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 114: // STATE 507 - update.pml:154 - [((phase==TRIAL))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][507] = 1;
		if (!((now.phase==5)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 115: // STATE 508 - update.pml:154 - [data = CUR] (0:0:1 - 1)
		IfNotBlocked
		reached[0][508] = 1;
		(trpt+1)->bup.oval = now.data;
		now.data = 2;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 116: // STATE 509 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][509] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 117: // STATE 518 - update.pml:158 - [((phase==TRIAL))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][518] = 1;
		if (!((now.phase==5)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 118: // STATE 523 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][523] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_518_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_519_0: /* 2 */
		now.phase = 7;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_520_0: /* 2 */
		now.left = 0;
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_521_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_567_0;
S_567_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 119: // STATE 524 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][524] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 120: // STATE 525 - update.pml:52 - [cache[i].seq = seq] (0:537:5 - 1)
		IfNotBlocked
		reached[0][525] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(537, 526, 537) */
		reached[0][526] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(537, 527, 537) */
		reached[0][527] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(537, 528, 537) */
		reached[0][528] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(537, 529, 537) */
		reached[0][529] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 121: // STATE 532 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][532] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 122: // STATE 538 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][538] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 123: // STATE 539 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][539] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 124: // STATE 540 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][540] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 125: // STATE 541 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:553:6 - 1)
		IfNotBlocked
		reached[0][541] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(553, 542, 553) */
		reached[0][542] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(553, 543, 553) */
		reached[0][543] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(553, 544, 553) */
		reached[0][544] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(553, 546, 553) */
		reached[0][546] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(553, 549, 553) */
		reached[0][549] = 1;
		;
		/* merge: k = (k+1)(553, 550, 553) */
		reached[0][550] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 554, 553) */
		reached[0][554] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 126: // STATE 550 - update.pml:51 - [k = (k+1)] (0:553:1 - 3)
		IfNotBlocked
		reached[0][550] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 554, 553) */
		reached[0][554] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 127: // STATE 558 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][558] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 128: // STATE 564 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][564] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 129: // STATE 572 - update.pml:94 - [i = 0] (0:583:2 - 1)
		IfNotBlocked
		reached[0][572] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.i);
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		/* merge: k = 0(583, 573, 583) */
		reached[0][573] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 584, 583) */
		reached[0][584] = 1;
		;
		_m = 3; goto P999; /* 2 */
	case 130: // STATE 574 - update.pml:94 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][574] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 131: // STATE 575 - update.pml:94 - [((!(disk[k].bad)&&(disk[k].seq==seq)))] (583:0:2 - 1)
		IfNotBlocked
		reached[0][575] = 1;
		if (!(( !(((int)now.disk[ Index(((int)now.k), 4) ].bad))&&(((int)now.disk[ Index(((int)now.k), 4) ].seq)==((int)now.seq)))))
			continue;
		/* merge: i = (i+1)(583, 576, 583) */
		reached[0][576] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		/* merge: .(goto)(583, 579, 583) */
		reached[0][579] = 1;
		;
		/* merge: k = (k+1)(583, 580, 583) */
		reached[0][580] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 584, 583) */
		reached[0][584] = 1;
		;
		_m = 3; goto P999; /* 4 */
	case 132: // STATE 580 - update.pml:94 - [k = (k+1)] (0:583:1 - 3)
		IfNotBlocked
		reached[0][580] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 584, 583) */
		reached[0][584] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 133: // STATE 586 - update.pml:95 - [assert((i>=3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][586] = 1;
		spin_assert((((int)now.i)>=3), "(i>=3)", II, tt, t);
		_m = 3; goto P999; /* 0 */
	case 134: // STATE 593 - update.pml:165 - [D_STEP165]
		IfNotBlocked

		reached[0][593] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_589_0: /* 2 */
		now.good = 1;
#ifdef VAR_RANGES
		logval("good", ((int)now.good));
#endif
		;
S_590_0: /* 2 */
		now.kept = now.data;
#ifdef VAR_RANGES
		logval("kept", now.kept);
#endif
		;
S_591_0: /* 2 */
		now.store = 0;
#ifdef VAR_RANGES
		logval("store", ((int)now.store));
#endif
		;
		goto S_593_0;
S_593_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 135: // STATE 594 - update.pml:165 - [mounted = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][594] = 1;
		(trpt+1)->bup.oval = ((int)now.mounted);
		now.mounted = 1;
#ifdef VAR_RANGES
		logval("mounted", ((int)now.mounted));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 136: // STATE 595 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][595] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 137: // STATE 601 - update.pml:166 - [(((phase==TRIAL)&&(left>0)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][601] = 1;
		if (!(((now.phase==5)&&(((int)now.left)>0))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 138: // STATE 606 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][606] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_601_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_602_0: /* 2 */
		now.phase = 5;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_603_0: /* 2 */
		now.left = 0;
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_604_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_650_0;
S_650_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 139: // STATE 607 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][607] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 140: // STATE 608 - update.pml:52 - [cache[i].seq = seq] (0:620:5 - 1)
		IfNotBlocked
		reached[0][608] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(620, 609, 620) */
		reached[0][609] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(620, 610, 620) */
		reached[0][610] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(620, 611, 620) */
		reached[0][611] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(620, 612, 620) */
		reached[0][612] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 141: // STATE 615 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][615] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 142: // STATE 621 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][621] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 143: // STATE 622 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][622] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 144: // STATE 623 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][623] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 145: // STATE 624 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:636:6 - 1)
		IfNotBlocked
		reached[0][624] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(636, 625, 636) */
		reached[0][625] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(636, 626, 636) */
		reached[0][626] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(636, 627, 636) */
		reached[0][627] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(636, 629, 636) */
		reached[0][629] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(636, 632, 636) */
		reached[0][632] = 1;
		;
		/* merge: k = (k+1)(636, 633, 636) */
		reached[0][633] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 637, 636) */
		reached[0][637] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 146: // STATE 633 - update.pml:51 - [k = (k+1)] (0:636:1 - 3)
		IfNotBlocked
		reached[0][633] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 637, 636) */
		reached[0][637] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 147: // STATE 641 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][641] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 148: // STATE 647 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][647] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 149: // STATE 655 - update.pml:167 - [(((phase==IDLE)&&(updates<2)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][655] = 1;
		if (!(((now.phase==7)&&(((int)now.updates)<2))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 150: // STATE 659 - update.pml:167 - [D_STEP167]
		IfNotBlocked

		reached[0][659] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_655_0: /* 2 */
		now.updates = (((int)now.updates)+1);
#ifdef VAR_RANGES
		logval("updates", ((int)now.updates));
#endif
		;
S_656_0: /* 2 */
		now.good = 0;
#ifdef VAR_RANGES
		logval("good", ((int)now.good));
#endif
		;
S_657_0: /* 2 */
		now.back = 0;
#ifdef VAR_RANGES
		logval("back", ((int)now.back));
#endif
		;
		goto S_711_0;
S_711_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 151: // STATE 664 - update.pml:56 - [D_STEP56]
		IfNotBlocked

		reached[0][664] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_659_0: /* 2 */
		now.seq = (((int)now.seq)+1);
#ifdef VAR_RANGES
		logval("seq", ((int)now.seq));
#endif
		;
S_660_0: /* 2 */
		now.phase = 6;
#ifdef VAR_RANGES
		logval("phase", now.phase);
#endif
		;
S_661_0: /* 2 */
		now.left = 0;
#ifdef VAR_RANGES
		logval("left", ((int)now.left));
#endif
		;
S_662_0: /* 2 */
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_708_0;
S_708_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 152: // STATE 665 - update.pml:58 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][665] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 153: // STATE 666 - update.pml:52 - [cache[i].seq = seq] (0:678:5 - 1)
		IfNotBlocked
		reached[0][666] = 1;
		(trpt+1)->bup.ovals = grab_ints(5);
		(trpt+1)->bup.ovals[0] = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
		now.cache[ Index(now.i, 4) ].seq = ((int)now.seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
		/* merge: cache[i].phase = phase(678, 667, 678) */
		reached[0][667] = 1;
		(trpt+1)->bup.ovals[1] = now.cache[ Index(((int)now.i), 4) ].phase;
		now.cache[ Index(now.i, 4) ].phase = now.phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
		/* merge: cache[i].left = left(678, 668, 678) */
		reached[0][668] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.cache[ Index(((int)now.i), 4) ].left);
		now.cache[ Index(now.i, 4) ].left = ((int)now.left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
		/* merge: cache[i].bad = 0(678, 669, 678) */
		reached[0][669] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
		now.cache[ Index(now.i, 4) ].bad = 0;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		/* merge: dirty[i] = 1(678, 670, 678) */
		reached[0][670] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.i), 4) ]);
		now.dirty[ Index(now.i, 4) ] = 1;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
		_m = 3; goto P999; /* 4 */
	case 154: // STATE 673 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][673] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 155: // STATE 679 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][679] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 156: // STATE 680 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][680] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 157: // STATE 681 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][681] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 158: // STATE 682 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:694:6 - 1)
		IfNotBlocked
		reached[0][682] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(694, 683, 694) */
		reached[0][683] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(694, 684, 694) */
		reached[0][684] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(694, 685, 694) */
		reached[0][685] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(694, 687, 694) */
		reached[0][687] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(694, 690, 694) */
		reached[0][690] = 1;
		;
		/* merge: k = (k+1)(694, 691, 694) */
		reached[0][691] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 695, 694) */
		reached[0][695] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 159: // STATE 691 - update.pml:51 - [k = (k+1)] (0:694:1 - 3)
		IfNotBlocked
		reached[0][691] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 695, 694) */
		reached[0][695] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 160: // STATE 699 - update.pml:49 - [((cuts<3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][699] = 1;
		if (!((((int)now.cuts)<3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 161: // STATE 705 - update.pml:68 - [i = (i+1)] (0:0:1 - 2)
		IfNotBlocked
		reached[0][705] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 162: // STATE 716 - update.pml:51 - [k = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][716] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = 0;
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 163: // STATE 717 - update.pml:51 - [((k<=(4-1)))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][717] = 1;
		if (!((((int)now.k)<=(4-1))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 164: // STATE 718 - update.pml:51 - [(dirty[k])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][718] = 1;
		if (!(((int)now.dirty[ Index(((int)now.k), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 165: // STATE 719 - update.pml:50 - [disk[k].seq = cache[k].seq] (0:731:6 - 1)
		IfNotBlocked
		reached[0][719] = 1;
		(trpt+1)->bup.ovals = grab_ints(6);
		(trpt+1)->bup.ovals[0] = ((int)now.disk[ Index(((int)now.k), 4) ].seq);
		now.disk[ Index(now.k, 4) ].seq = ((int)now.cache[ Index(((int)now.k), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[k].seq", ((int)now.disk[ Index(((int)now.k), 4) ].seq));
#endif
		;
		/* merge: disk[k].phase = cache[k].phase(731, 720, 731) */
		reached[0][720] = 1;
		(trpt+1)->bup.ovals[1] = now.disk[ Index(((int)now.k), 4) ].phase;
		now.disk[ Index(now.k, 4) ].phase = now.cache[ Index(((int)now.k), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[k].phase", now.disk[ Index(((int)now.k), 4) ].phase);
#endif
		;
		/* merge: disk[k].left = cache[k].left(731, 721, 731) */
		reached[0][721] = 1;
		(trpt+1)->bup.ovals[2] = ((int)now.disk[ Index(((int)now.k), 4) ].left);
		now.disk[ Index(now.k, 4) ].left = ((int)now.cache[ Index(((int)now.k), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[k].left", ((int)now.disk[ Index(((int)now.k), 4) ].left));
#endif
		;
		/* merge: disk[k].bad = cache[k].bad(731, 722, 731) */
		reached[0][722] = 1;
		(trpt+1)->bup.ovals[3] = ((int)now.disk[ Index(((int)now.k), 4) ].bad);
		now.disk[ Index(now.k, 4) ].bad = ((int)now.cache[ Index(((int)now.k), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[k].bad", ((int)now.disk[ Index(((int)now.k), 4) ].bad));
#endif
		;
		/* merge: dirty[k] = 0(731, 724, 731) */
		reached[0][724] = 1;
		(trpt+1)->bup.ovals[4] = ((int)now.dirty[ Index(((int)now.k), 4) ]);
		now.dirty[ Index(now.k, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[k]", ((int)now.dirty[ Index(((int)now.k), 4) ]));
#endif
		;
		/* merge: .(goto)(731, 727, 731) */
		reached[0][727] = 1;
		;
		/* merge: k = (k+1)(731, 728, 731) */
		reached[0][728] = 1;
		(trpt+1)->bup.ovals[5] = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 732, 731) */
		reached[0][732] = 1;
		;
		_m = 3; goto P999; /* 7 */
	case 166: // STATE 728 - update.pml:51 - [k = (k+1)] (0:731:1 - 3)
		IfNotBlocked
		reached[0][728] = 1;
		(trpt+1)->bup.oval = ((int)now.k);
		now.k = (((int)now.k)+1);
#ifdef VAR_RANGES
		logval("k", ((int)now.k));
#endif
		;
		/* merge: .(goto)(0, 732, 731) */
		reached[0][732] = 1;
		;
		_m = 3; goto P999; /* 1 */
	case 167: // STATE 737 - update.pml:173 - [cuts = (cuts+1)] (0:0:1 - 44)
		IfNotBlocked
		reached[0][737] = 1;
		(trpt+1)->bup.oval = ((int)now.cuts);
		now.cuts = (((int)now.cuts)+1);
#ifdef VAR_RANGES
		logval("cuts", ((int)now.cuts));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 168: // STATE 738 - update.pml:173 - [i = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][738] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 169: // STATE 739 - update.pml:175 - [((i<4))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][739] = 1;
		if (!((((int)now.i)<4)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 170: // STATE 740 - update.pml:176 - [(dirty[i])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][740] = 1;
		if (!(((int)now.dirty[ Index(((int)now.i), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 171: // STATE 741 - update.pml:50 - [disk[i].seq = cache[i].seq] (0:0:1 - 1)
		IfNotBlocked
		reached[0][741] = 1;
		(trpt+1)->bup.oval = ((int)now.disk[ Index(((int)now.i), 4) ].seq);
		now.disk[ Index(now.i, 4) ].seq = ((int)now.cache[ Index(((int)now.i), 4) ].seq);
#ifdef VAR_RANGES
		logval("disk[i].seq", ((int)now.disk[ Index(((int)now.i), 4) ].seq));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 172: // STATE 742 - update.pml:50 - [disk[i].phase = cache[i].phase] (0:0:1 - 1)
		IfNotBlocked
		reached[0][742] = 1;
		(trpt+1)->bup.oval = now.disk[ Index(((int)now.i), 4) ].phase;
		now.disk[ Index(now.i, 4) ].phase = now.cache[ Index(((int)now.i), 4) ].phase;
#ifdef VAR_RANGES
		logval("disk[i].phase", now.disk[ Index(((int)now.i), 4) ].phase);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 173: // STATE 743 - update.pml:50 - [disk[i].left = cache[i].left] (0:0:1 - 1)
		IfNotBlocked
		reached[0][743] = 1;
		(trpt+1)->bup.oval = ((int)now.disk[ Index(((int)now.i), 4) ].left);
		now.disk[ Index(now.i, 4) ].left = ((int)now.cache[ Index(((int)now.i), 4) ].left);
#ifdef VAR_RANGES
		logval("disk[i].left", ((int)now.disk[ Index(((int)now.i), 4) ].left));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 174: // STATE 744 - update.pml:50 - [disk[i].bad = cache[i].bad] (0:0:1 - 1)
		IfNotBlocked
		reached[0][744] = 1;
		(trpt+1)->bup.oval = ((int)now.disk[ Index(((int)now.i), 4) ].bad);
		now.disk[ Index(now.i, 4) ].bad = ((int)now.cache[ Index(((int)now.i), 4) ].bad);
#ifdef VAR_RANGES
		logval("disk[i].bad", ((int)now.disk[ Index(((int)now.i), 4) ].bad));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 175: // STATE 746 - update.pml:176 - [(dirty[i])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][746] = 1;
		if (!(((int)now.dirty[ Index(((int)now.i), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 176: // STATE 748 - update.pml:176 - [(dirty[i])] (0:0:0 - 1)
		IfNotBlocked
		reached[0][748] = 1;
		if (!(((int)now.dirty[ Index(((int)now.i), 4) ])))
			continue;
		_m = 3; goto P999; /* 0 */
	case 177: // STATE 749 - update.pml:176 - [disk[i].bad = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][749] = 1;
		(trpt+1)->bup.oval = ((int)now.disk[ Index(((int)now.i), 4) ].bad);
		now.disk[ Index(now.i, 4) ].bad = 1;
#ifdef VAR_RANGES
		logval("disk[i].bad", ((int)now.disk[ Index(((int)now.i), 4) ].bad));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 178: // STATE 750 - update.pml:176 - [(!(dirty[i]))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][750] = 1;
		if (!( !(((int)now.dirty[ Index(((int)now.i), 4) ]))))
			continue;
		_m = 3; goto P999; /* 0 */
	case 179: // STATE 760 - update.pml:177 - [D_STEP177]
		IfNotBlocked

		reached[0][760] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_752_0: /* 2 */
		now.dirty[ Index(now.i, 4) ] = 0;
#ifdef VAR_RANGES
		logval("dirty[i]", ((int)now.dirty[ Index(((int)now.i), 4) ]));
#endif
		;
S_757_0: /* 2 */
S_753_0: /* 2 */
		now.cache[ Index(now.i, 4) ].seq = ((int)now.disk[ Index(((int)now.i), 4) ].seq);
#ifdef VAR_RANGES
		logval("cache[i].seq", ((int)now.cache[ Index(((int)now.i), 4) ].seq));
#endif
		;
S_754_0: /* 2 */
		now.cache[ Index(now.i, 4) ].phase = now.disk[ Index(((int)now.i), 4) ].phase;
#ifdef VAR_RANGES
		logval("cache[i].phase", now.cache[ Index(((int)now.i), 4) ].phase);
#endif
		;
S_755_0: /* 2 */
		now.cache[ Index(now.i, 4) ].left = ((int)now.disk[ Index(((int)now.i), 4) ].left);
#ifdef VAR_RANGES
		logval("cache[i].left", ((int)now.cache[ Index(((int)now.i), 4) ].left));
#endif
		;
S_756_0: /* 2 */
		now.cache[ Index(now.i, 4) ].bad = ((int)now.disk[ Index(((int)now.i), 4) ].bad);
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		goto S_758_0;
S_758_0: /* 2 */
		now.i = (((int)now.i)+1);
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		goto S_763_0;
S_763_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case 180: // STATE 766 - update.pml:180 - [(unflushed)] (0:0:0 - 1)
		IfNotBlocked
		reached[0][766] = 1;
		if (!(((int)now.unflushed)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 181: // STATE 767 - update.pml:180 - [unflushed = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][767] = 1;
		(trpt+1)->bup.oval = ((int)now.unflushed);
		now.unflushed = 0;
#ifdef VAR_RANGES
		logval("unflushed", ((int)now.unflushed));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 182: // STATE 768 - update.pml:180 - [data = PRE] (0:0:1 - 1)
		IfNotBlocked
		reached[0][768] = 1;
		(trpt+1)->bup.oval = now.data;
		now.data = 3;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 183: // STATE 769 - update.pml:180 - [data = CUR] (0:0:1 - 1)
		IfNotBlocked
		reached[0][769] = 1;
		(trpt+1)->bup.oval = now.data;
		now.data = 2;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 184: // STATE 770 - update.pml:180 - [data = MIX] (0:0:1 - 1)
		IfNotBlocked
		reached[0][770] = 1;
		(trpt+1)->bup.oval = now.data;
		now.data = 1;
#ifdef VAR_RANGES
		logval("data", now.data);
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 185: // STATE 777 - update.pml:183 - [mounted = 0] (0:795:2 - 1)
		IfNotBlocked
		reached[0][777] = 1;
		(trpt+1)->bup.ovals = grab_ints(2);
		(trpt+1)->bup.ovals[0] = ((int)now.mounted);
		now.mounted = 0;
#ifdef VAR_RANGES
		logval("mounted", ((int)now.mounted));
#endif
		;
		/* merge: i = 0(795, 778, 795) */
		reached[0][778] = 1;
		(trpt+1)->bup.ovals[1] = ((int)now.i);
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 1 */
	case 186: // STATE 780 - update.pml:185 - [((rots<1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][780] = 1;
		if (!((((int)now.rots)<1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 187: // STATE 781 - update.pml:185 - [i = 0] (0:0:1 - 1)
		IfNotBlocked
		reached[0][781] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = 0;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 188: // STATE 782 - update.pml:185 - [((4>1))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][782] = 1;
		if (!((4>1)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 189: // STATE 783 - update.pml:185 - [i = 1] (0:0:1 - 1)
		IfNotBlocked
		reached[0][783] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = 1;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 190: // STATE 784 - update.pml:185 - [((4>2))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][784] = 1;
		if (!((4>2)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 191: // STATE 785 - update.pml:185 - [i = 2] (0:0:1 - 1)
		IfNotBlocked
		reached[0][785] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = 2;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 192: // STATE 786 - update.pml:185 - [((4>3))] (0:0:0 - 1)
		IfNotBlocked
		reached[0][786] = 1;
		if (!((4>3)))
			continue;
		_m = 3; goto P999; /* 0 */
	case 193: // STATE 787 - update.pml:185 - [i = 3] (0:0:1 - 1)
		IfNotBlocked
		reached[0][787] = 1;
		(trpt+1)->bup.oval = ((int)now.i);
		now.i = 3;
#ifdef VAR_RANGES
		logval("i", ((int)now.i));
#endif
		;
		_m = 3; goto P999; /* 0 */
	case 194: // STATE 793 - update.pml:186 - [D_STEP186]
		IfNotBlocked

		reached[0][793] = 1;
		reached[0][t->st] = 1;
		reached[0][tt] = 1;

		if (TstOnly) return 1;

		sv_save();
		S_789_0: /* 2 */
		now.rots = (((int)now.rots)+1);
#ifdef VAR_RANGES
		logval("rots", ((int)now.rots));
#endif
		;
S_790_0: /* 2 */
		now.disk[ Index(now.i, 4) ].bad = 1;
#ifdef VAR_RANGES
		logval("disk[i].bad", ((int)now.disk[ Index(((int)now.i), 4) ].bad));
#endif
		;
S_791_0: /* 2 */
		now.cache[ Index(now.i, 4) ].bad = 1;
#ifdef VAR_RANGES
		logval("cache[i].bad", ((int)now.cache[ Index(((int)now.i), 4) ].bad));
#endif
		;
		goto S_795_0;
S_795_0: /* 1 */

#if defined(C_States) && (HAS_TRACK==1)
		c_update((uchar *) &(now.c_state[0]));
#endif
		_m = 3; goto P999;

	case  _T5:	/* np_ */
		if (!((!(trpt->o_pm&4) && !(trpt->tau&128))))
			continue;
		/* else fall through */
	case  _T2:	/* true */
		_m = 3; goto P999;
#undef rand
	}

