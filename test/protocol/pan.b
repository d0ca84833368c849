	switch (t->back) {
	default: Uerror("bad return move");
	case  0: goto R999; /* nothing to undo */

		 /* CLAIM comes_up */
;
		;
		;
		;
		
	case 5: // STATE 13
		;
		p_restor(II);
		;
		;
		goto R999;

		 /* PROC machine */

	case 6: // STATE 1
		;
		now.k = trpt->bup.oval;
		;
		goto R999;

	case 7: // STATE 5
		;
		now.k = trpt->bup.ovals[2];
		now.cache[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 3);
		goto R999;

	case 8: // STATE 17
		;
		now.k = trpt->bup.ovals[4];
		now.left = trpt->bup.ovals[3];
		now.phase = trpt->bup.ovals[2];
		now.seq = trpt->bup.ovals[1];
		now.readable = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		;
		
	case 10: // STATE 19
		goto R999;

	case 11: // STATE 32
		;
		now.k = trpt->bup.ovals[4];
		now.left = trpt->bup.ovals[3];
		now.phase = trpt->bup.ovals[2];
		now.seq = trpt->bup.ovals[1];
		now.readable = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;

	case 12: // STATE 32
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 14: // STATE 41
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 17: // STATE 53
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 18: // STATE 53
		;
		now.k = trpt->bup.oval;
		;
		goto R999;

	case 19: // STATE 61
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 22: // STATE 68
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 24: // STATE 77
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 27: // STATE 89
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 28: // STATE 89
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 30: // STATE 106
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 32: // STATE 126
		sv_restor();
		goto R999;
;
		;
			case 34: // STATE 133
		sv_restor();
		goto R999;
;
		;
		;
		;
		;
		;
			case 38: // STATE 144
		sv_restor();
		goto R999;
;
		;
		
	case 40: // STATE 150
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 42: // STATE 159
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 45: // STATE 171
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 46: // STATE 171
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 48: // STATE 185
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
			case 51: // STATE 203
		sv_restor();
		goto R999;
;
		;
		
	case 53: // STATE 209
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 55: // STATE 218
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 58: // STATE 230
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 59: // STATE 230
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 61: // STATE 244
		;
		now.i = trpt->bup.oval;
		;
		goto R999;

	case 62: // STATE 256
		;
		now.k = trpt->bup.ovals[1];
		now.i = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 64: // STATE 263
		;
		now.k = trpt->bup.ovals[1];
		now.i = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 65: // STATE 263
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
			case 68: // STATE 275
		sv_restor();
		goto R999;
;
		;
			case 70: // STATE 284
		sv_restor();
		goto R999;
;
		;
			case 72: // STATE 295
		sv_restor();
		goto R999;
;
		;
		
	case 74: // STATE 301
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 76: // STATE 310
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 79: // STATE 322
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 80: // STATE 322
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 82: // STATE 336
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
	case 83: // STATE 352
		sv_restor();
		goto R999;
	case 84: // STATE 364
		sv_restor();
		goto R999;
;
		;
			case 86: // STATE 372
		sv_restor();
		goto R999;
;
		;
		
	case 88: // STATE 378
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 90: // STATE 387
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 93: // STATE 399
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 94: // STATE 399
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 96: // STATE 413
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
	case 97: // STATE 426
		sv_restor();
		goto R999;
;
		;
		
	case 99: // STATE 432
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 101: // STATE 441
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 104: // STATE 453
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 105: // STATE 453
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 107: // STATE 467
		;
		now.i = trpt->bup.oval;
		;
		goto R999;

	case 108: // STATE 478
		;
		now.k = trpt->bup.ovals[1];
		now.i = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 110: // STATE 485
		;
		now.k = trpt->bup.ovals[1];
		now.i = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 111: // STATE 485
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 113: // STATE 505
		sv_restor();
		goto R999;
;
		;
		
	case 115: // STATE 508
		;
		now.data = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
			case 118: // STATE 523
		sv_restor();
		goto R999;
;
		;
		
	case 120: // STATE 529
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 122: // STATE 538
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 125: // STATE 550
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 126: // STATE 550
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 128: // STATE 564
		;
		now.i = trpt->bup.oval;
		;
		goto R999;

	case 129: // STATE 573
		;
		now.k = trpt->bup.ovals[1];
		now.i = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 131: // STATE 580
		;
		now.k = trpt->bup.ovals[1];
		now.i = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;

	case 132: // STATE 580
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 134: // STATE 593
		sv_restor();
		goto R999;

	case 135: // STATE 594
		;
		now.mounted = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
			case 138: // STATE 606
		sv_restor();
		goto R999;
;
		;
		
	case 140: // STATE 612
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 142: // STATE 621
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 145: // STATE 633
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 146: // STATE 633
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 148: // STATE 647
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 150: // STATE 659
		sv_restor();
		goto R999;
	case 151: // STATE 664
		sv_restor();
		goto R999;
;
		;
		
	case 153: // STATE 670
		;
		now.dirty[ Index(now.i, 4) ] = trpt->bup.ovals[4];
		now.cache[ Index(now.i, 4) ].bad = trpt->bup.ovals[3];
		now.cache[ Index(now.i, 4) ].left = trpt->bup.ovals[2];
		now.cache[ Index(now.i, 4) ].phase = trpt->bup.ovals[1];
		now.cache[ Index(now.i, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 5);
		goto R999;
;
		;
		
	case 155: // STATE 679
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 158: // STATE 691
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 159: // STATE 691
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 161: // STATE 705
		;
		now.i = trpt->bup.oval;
		;
		goto R999;

	case 162: // STATE 716
		;
		now.k = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 165: // STATE 728
		;
		now.k = trpt->bup.ovals[5];
		now.dirty[ Index(now.k, 4) ] = trpt->bup.ovals[4];
		now.disk[ Index(now.k, 4) ].bad = trpt->bup.ovals[3];
		now.disk[ Index(now.k, 4) ].left = trpt->bup.ovals[2];
		now.disk[ Index(now.k, 4) ].phase = trpt->bup.ovals[1];
		now.disk[ Index(now.k, 4) ].seq = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 6);
		goto R999;

	case 166: // STATE 728
		;
		now.k = trpt->bup.oval;
		;
		goto R999;

	case 167: // STATE 737
		;
		now.cuts = trpt->bup.oval;
		;
		goto R999;

	case 168: // STATE 738
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 171: // STATE 741
		;
		now.disk[ Index(now.i, 4) ].seq = trpt->bup.oval;
		;
		goto R999;

	case 172: // STATE 742
		;
		now.disk[ Index(now.i, 4) ].phase = trpt->bup.oval;
		;
		goto R999;

	case 173: // STATE 743
		;
		now.disk[ Index(now.i, 4) ].left = trpt->bup.oval;
		;
		goto R999;

	case 174: // STATE 744
		;
		now.disk[ Index(now.i, 4) ].bad = trpt->bup.oval;
		;
		goto R999;
;
		;
		;
		;
		
	case 177: // STATE 749
		;
		now.disk[ Index(now.i, 4) ].bad = trpt->bup.oval;
		;
		goto R999;
;
		;
			case 179: // STATE 760
		sv_restor();
		goto R999;
;
		;
		
	case 181: // STATE 767
		;
		now.unflushed = trpt->bup.oval;
		;
		goto R999;

	case 182: // STATE 768
		;
		now.data = trpt->bup.oval;
		;
		goto R999;

	case 183: // STATE 769
		;
		now.data = trpt->bup.oval;
		;
		goto R999;

	case 184: // STATE 770
		;
		now.data = trpt->bup.oval;
		;
		goto R999;

	case 185: // STATE 778
		;
		now.i = trpt->bup.ovals[1];
		now.mounted = trpt->bup.ovals[0];
		;
		ungrab_ints(trpt->bup.ovals, 2);
		goto R999;
;
		;
		
	case 187: // STATE 781
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 189: // STATE 783
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 191: // STATE 785
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
;
		;
		
	case 193: // STATE 787
		;
		now.i = trpt->bup.oval;
		;
		goto R999;
	case 194: // STATE 793
		sv_restor();
		goto R999;
	}

