#ifdef PEG
struct T_SRC {
	char *fl; int ln;
} T_SRC[NTRANS];

void
tr_2_src(int m, char *file, int ln)
{	T_SRC[m].fl = file;
	T_SRC[m].ln = ln;
}

void
putpeg(int n, int m)
{	printf("%5d	trans %4d ", m, n);
	printf("%s:%d\n",
		T_SRC[n].fl, T_SRC[n].ln);
}
#endif

void
settable(void)
{	Trans *T;
	Trans *settr(int, int, int, int, int, char *, int, int, int);

	trans = (Trans ***) emalloc(3*sizeof(Trans **));

	/* proctype 1: comes_up */

	trans[1] = (Trans **) emalloc(14*sizeof(Trans *));

	trans[1][6]	= settr(803,0,5,1,0,".(goto)", 0, 2, 0);
	T = trans[1][5] = settr(802,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(802,0,1,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(802,0,3,0,0,"DO", 0, 2, 0);
	trans[1][1]	= settr(798,0,10,3,0,"(!(mounted))", 1, 2, 0);
	trans[1][2]	= settr(799,0,10,1,0,"goto accept_S4", 0, 2, 0);
	trans[1][3]	= settr(800,0,5,1,0,"(1)", 0, 2, 0);
	trans[1][4]	= settr(801,0,5,1,0,"goto T0_init", 0, 2, 0);
	trans[1][7]	= settr(804,0,10,1,0,"break", 0, 2, 0);
	trans[1][11]	= settr(808,0,10,1,0,".(goto)", 0, 2, 0);
	T = trans[1][10] = settr(807,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(807,0,8,0,0,"DO", 0, 2, 0);
	trans[1][8]	= settr(805,0,10,4,0,"(!(mounted))", 1, 2, 0);
	trans[1][9]	= settr(806,0,10,1,0,"goto accept_S4", 0, 2, 0);
	trans[1][12]	= settr(809,0,13,1,0,"break", 0, 2, 0);
	trans[1][13]	= settr(810,0,0,5,5,"-end-", 0, 3500, 0);

	/* proctype 0: machine */

	trans[0] = (Trans **) emalloc(799*sizeof(Trans *));

	T = trans[ 0][11] = settr(10,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(10,2,1,0,0,"ATOMIC", 1, 2, 0);
	trans[0][1]	= settr(0,2,8,6,6,"k = 0", 1, 2, 0);
	trans[0][9]	= settr(8,2,8,1,0,".(goto)", 1, 2, 0);
	T = trans[0][8] = settr(7,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(7,2,2,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(7,2,6,0,0,"DO", 1, 2, 0);
	trans[0][2]	= settr(1,2,8,7,7,"((k<=(4-1)))", 1, 2, 0); /* m: 3 -> 8,0 */
	reached0[3] = 1;
	trans[0][3]	= settr(0,0,0,0,0,"disk[k].phase = IDLE",0,0,0);
	trans[0][4]	= settr(0,0,0,0,0,"cache[k].phase = IDLE",0,0,0);
	trans[0][5]	= settr(0,0,0,0,0,"k = (k+1)",0,0,0);
	trans[0][6]	= settr(5,2,7,2,0,"else", 1, 2, 0);
	trans[0][7]	= settr(6,2,10,1,0,"goto :b0", 1, 2, 0);
	trans[0][10]	= settr(9,0,12,1,0,"break", 1, 2, 0);
	trans[0][12]	= settr(11,0,39,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][39] = settr(38,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(38,0,38,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][38] = settr(37,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(37,2,13,0,0,"ATOMIC", 1, 2, 0);
	trans[0][13]	= settr(12,2,35,8,8,"readable = 0", 1, 2, 0); /* m: 14 -> 0,35 */
	reached0[14] = 1;
	trans[0][14]	= settr(0,0,0,0,0,"seq = 0",0,0,0);
	trans[0][15]	= settr(0,0,0,0,0,"phase = IDLE",0,0,0);
	trans[0][16]	= settr(0,0,0,0,0,"left = 0",0,0,0);
	trans[0][17]	= settr(0,0,0,0,0,"k = 0",0,0,0);
	trans[0][36]	= settr(35,2,35,1,0,".(goto)", 1, 2, 0);
	T = trans[0][35] = settr(34,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(34,2,18,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(34,2,33,0,0,"DO", 1, 2, 0);
	trans[0][18]	= settr(17,2,30,9,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][30] = settr(29,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(29,2,19,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(29,2,29,0,0,"IF", 1, 2, 0);
	trans[0][19]	= settr(18,2,27,10,10,"(!(cache[k].bad))", 1, 2, 0); /* m: 20 -> 27,0 */
	reached0[20] = 1;
	trans[0][20]	= settr(0,0,0,0,0,"assert(((!(readable)||(cache[k].seq!=seq))||((cache[k].phase==phase)&&(cache[k].left==left))))",0,0,0);
	T = trans[0][27] = settr(26,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(26,2,21,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(26,2,26,0,0,"IF", 1, 2, 0);
	trans[0][21]	= settr(20,2,35,11,11,"((!(readable)||(cache[k].seq>seq)))", 1, 2, 0); /* m: 22 -> 35,0 */
	reached0[22] = 1;
	trans[0][22]	= settr(0,0,0,0,0,"readable = 1",0,0,0);
	trans[0][23]	= settr(0,0,0,0,0,"seq = cache[k].seq",0,0,0);
	trans[0][24]	= settr(0,0,0,0,0,"phase = cache[k].phase",0,0,0);
	trans[0][25]	= settr(0,0,0,0,0,"left = cache[k].left",0,0,0);
	trans[0][28]	= settr(27,2,32,1,0,".(goto)", 1, 2, 0); /* m: 32 -> 0,35 */
	reached0[32] = 1;
	trans[0][26]	= settr(25,2,32,2,0,"else", 1, 2, 0);
	trans[0][31]	= settr(30,2,32,1,0,".(goto)", 1, 2, 0); /* m: 32 -> 0,35 */
	reached0[32] = 1;
	trans[0][29]	= settr(28,2,32,2,0,"else", 1, 2, 0);
	trans[0][32]	= settr(31,2,35,12,12,"k = (k+1)", 1, 2, 0);
	trans[0][33]	= settr(32,2,34,2,0,"else", 1, 2, 0);
	trans[0][34]	= settr(33,2,37,1,0,"goto :b1", 1, 2, 0);
	trans[0][37]	= settr(36,0,40,1,0,"break", 1, 2, 0);
	trans[0][40]	= settr(39,0,113,13,0,"assert(readable)", 1, 2, 0);
	T = trans[ 0][113] = settr(112,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(112,0,60,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][60] = settr(59,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(59,0,59,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][59] = settr(58,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(58,2,41,0,0,"ATOMIC", 1, 2, 0);
	trans[0][41]	= settr(40,2,56,14,14,"k = 0", 1, 2, 0);
	trans[0][57]	= settr(56,2,56,1,0,".(goto)", 1, 2, 0);
	T = trans[0][56] = settr(55,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(55,2,42,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(55,2,54,0,0,"DO", 1, 2, 0);
	trans[0][42]	= settr(41,2,51,15,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][51] = settr(50,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(50,2,43,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(50,2,50,0,0,"IF", 1, 2, 0);
	trans[0][43]	= settr(42,2,48,16,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][48] = settr(47,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(47,0,44,0,0,"sub-sequence", 1, 2, 0);
	trans[0][44]	= settr(43,2,56,17,17,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 45 -> 0,56 */
	reached0[45] = 1;
	trans[0][45]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][46]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][47]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][49]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][52]	= settr(51,2,53,1,0,".(goto)", 1, 2, 0); /* m: 53 -> 0,56 */
	reached0[53] = 1;
	trans[0][50]	= settr(49,2,53,2,0,"else", 1, 2, 0);
	trans[0][53]	= settr(52,2,56,18,18,"k = (k+1)", 1, 2, 0);
	trans[0][54]	= settr(53,2,55,2,0,"else", 1, 2, 0);
	trans[0][55]	= settr(54,2,58,1,0,"goto :b2", 1, 2, 0);
	trans[0][58]	= settr(57,0,61,1,0,"break", 1, 2, 0);
	trans[0][61]	= settr(60,0,109,19,19,"i = 0", 1, 2, 0);
	trans[0][110]	= settr(109,0,109,1,0,".(goto)", 0, 2, 0);
	T = trans[0][109] = settr(108,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(108,0,62,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(108,0,107,0,0,"DO", 0, 2, 0);
	trans[0][62]	= settr(61,0,104,20,0,"((i<4))", 1, 2, 0);
	T = trans[0][104] = settr(103,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(103,0,63,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(103,0,103,0,0,"IF", 0, 2, 0);
	trans[0][63]	= settr(62,0,70,21,0,"((cache[i].bad||(cache[i].seq!=seq)))", 1, 2, 0);
	T = trans[ 0][70] = settr(69,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(69,0,69,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][69] = settr(68,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(68,2,64,0,0,"ATOMIC", 1, 2, 0);
	trans[0][64]	= settr(63,4,76,22,22,"cache[i].seq = seq", 1, 2, 0); /* m: 65 -> 0,76 */
	reached0[65] = 1;
	trans[0][65]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][66]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][67]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][68]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][76] = settr(75,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(75,0,74,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][74] = settr(73,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(73,0,71,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(73,0,73,0,0,"IF", 0, 2, 0);
	trans[0][71]	= settr(70,0,737,23,0,"((cuts<3))", 1, 2, 0);
	trans[0][72]	= settr(71,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][75]	= settr(74,0,96,1,0,".(goto)", 0, 2, 0);
	trans[0][73]	= settr(72,0,96,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][96] = settr(95,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(95,0,95,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][95] = settr(94,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(94,2,77,0,0,"ATOMIC", 1, 2, 0);
	trans[0][77]	= settr(76,2,92,24,24,"k = 0", 1, 2, 0);
	trans[0][93]	= settr(92,2,92,1,0,".(goto)", 1, 2, 0);
	T = trans[0][92] = settr(91,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(91,2,78,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(91,2,90,0,0,"DO", 1, 2, 0);
	trans[0][78]	= settr(77,2,87,25,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][87] = settr(86,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(86,2,79,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(86,2,86,0,0,"IF", 1, 2, 0);
	trans[0][79]	= settr(78,2,84,26,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][84] = settr(83,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(83,0,80,0,0,"sub-sequence", 1, 2, 0);
	trans[0][80]	= settr(79,2,92,27,27,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 81 -> 0,92 */
	reached0[81] = 1;
	trans[0][81]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][82]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][83]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][85]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][88]	= settr(87,2,89,1,0,".(goto)", 1, 2, 0); /* m: 89 -> 0,92 */
	reached0[89] = 1;
	trans[0][86]	= settr(85,2,89,2,0,"else", 1, 2, 0);
	trans[0][89]	= settr(88,2,92,28,28,"k = (k+1)", 1, 2, 0);
	trans[0][90]	= settr(89,2,91,2,0,"else", 1, 2, 0);
	trans[0][91]	= settr(90,2,94,1,0,"goto :b4", 1, 2, 0);
	trans[0][94]	= settr(93,0,102,1,0,"break", 1, 2, 0);
	T = trans[ 0][102] = settr(101,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(101,0,100,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][100] = settr(99,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(99,0,97,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(99,0,99,0,0,"IF", 0, 2, 0);
	trans[0][97]	= settr(96,0,737,29,0,"((cuts<3))", 1, 2, 0);
	trans[0][98]	= settr(97,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][101]	= settr(100,0,106,1,0,".(goto)", 0, 2, 0);
	trans[0][99]	= settr(98,0,106,1,0,"(1)", 0, 2, 0);
	trans[0][105]	= settr(104,0,106,1,0,".(goto)", 0, 2, 0);
	trans[0][103]	= settr(102,0,106,2,0,"else", 0, 2, 0);
	trans[0][106]	= settr(105,0,109,30,30,"i = (i+1)", 1, 2, 0);
	trans[0][107]	= settr(106,0,112,2,0,"else", 0, 2, 0);
	trans[0][108]	= settr(107,0,112,1,0,"goto :b3", 0, 2, 0);
	trans[0][111]	= settr(110,0,112,1,0,"break", 0, 2, 0);
	trans[0][112]	= settr(111,0,196,1,0,"(1)", 0, 2, 0);
	T = trans[0][196] = settr(195,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(195,0,114,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(195,0,129,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(195,0,135,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(195,0,137,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(195,0,139,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(195,0,194,0,0,"IF", 0, 2, 0);
	trans[0][114]	= settr(113,0,127,31,0,"((phase==IDLE))", 1, 2, 0);
	T = trans[ 0][127] = settr(126,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(126,0,126,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][126]	= settr(125,32,516,32,32,"D_STEP98", 1, 2, 0);
	trans[0][128]	= settr(127,0,516,1,0,"goto running", 0, 2, 0);
	trans[0][197]	= settr(196,0,253,1,0,".(goto)", 0, 2, 0);
	trans[0][129]	= settr(128,0,133,33,0,"((phase==ARMED))", 1, 2, 0);
/*->*/	trans[0][133]	= settr(132,32,475,34,34,"D_STEP118", 1, 2, 0);
	trans[0][134]	= settr(133,0,475,1,0,"goto count", 0, 2, 0);
	trans[0][135]	= settr(134,0,475,35,0,"(((phase==TRIAL)&&(left>0)))", 1, 2, 0);
	trans[0][136]	= settr(135,0,475,1,0,"goto count", 0, 2, 0);
	trans[0][137]	= settr(136,0,138,36,0,"(((phase==TRIAL)&&(left==0)))", 1, 2, 0);
	trans[0][138]	= settr(137,0,253,1,0,"(1)", 0, 2, 0);
	trans[0][139]	= settr(138,0,192,37,0,"((phase==TRIAL))", 1, 2, 0);
	T = trans[ 0][192] = settr(191,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(191,0,144,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][144]	= settr(143,32,188,38,38,"D_STEP56", 1, 2, 0);
	trans[0][189]	= settr(188,0,188,1,0,".(goto)", 0, 2, 0);
	T = trans[0][188] = settr(187,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(187,0,145,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(187,0,186,0,0,"DO", 0, 2, 0);
	trans[0][145]	= settr(144,0,152,39,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][152] = settr(151,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(151,0,151,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][151] = settr(150,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(150,2,146,0,0,"ATOMIC", 1, 2, 0);
	trans[0][146]	= settr(145,4,158,40,40,"cache[i].seq = seq", 1, 2, 0); /* m: 147 -> 0,158 */
	reached0[147] = 1;
	trans[0][147]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][148]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][149]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][150]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][158] = settr(157,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(157,0,156,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][156] = settr(155,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(155,0,153,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(155,0,155,0,0,"IF", 0, 2, 0);
	trans[0][153]	= settr(152,0,737,41,0,"((cuts<3))", 1, 2, 0);
	trans[0][154]	= settr(153,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][157]	= settr(156,0,178,1,0,".(goto)", 0, 2, 0);
	trans[0][155]	= settr(154,0,178,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][178] = settr(177,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(177,0,177,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][177] = settr(176,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(176,2,159,0,0,"ATOMIC", 1, 2, 0);
	trans[0][159]	= settr(158,2,174,42,42,"k = 0", 1, 2, 0);
	trans[0][175]	= settr(174,2,174,1,0,".(goto)", 1, 2, 0);
	T = trans[0][174] = settr(173,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(173,2,160,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(173,2,172,0,0,"DO", 1, 2, 0);
	trans[0][160]	= settr(159,2,169,43,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][169] = settr(168,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(168,2,161,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(168,2,168,0,0,"IF", 1, 2, 0);
	trans[0][161]	= settr(160,2,166,44,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][166] = settr(165,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(165,0,162,0,0,"sub-sequence", 1, 2, 0);
	trans[0][162]	= settr(161,2,174,45,45,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 163 -> 0,174 */
	reached0[163] = 1;
	trans[0][163]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][164]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][165]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][167]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][170]	= settr(169,2,171,1,0,".(goto)", 1, 2, 0); /* m: 171 -> 0,174 */
	reached0[171] = 1;
	trans[0][168]	= settr(167,2,171,2,0,"else", 1, 2, 0);
	trans[0][171]	= settr(170,2,174,46,46,"k = (k+1)", 1, 2, 0);
	trans[0][172]	= settr(171,2,173,2,0,"else", 1, 2, 0);
	trans[0][173]	= settr(172,2,176,1,0,"goto :b6", 1, 2, 0);
	trans[0][176]	= settr(175,0,184,1,0,"break", 1, 2, 0);
	T = trans[ 0][184] = settr(183,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(183,0,182,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][182] = settr(181,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(181,0,179,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(181,0,181,0,0,"IF", 0, 2, 0);
	trans[0][179]	= settr(178,0,737,47,0,"((cuts<3))", 1, 2, 0);
	trans[0][180]	= settr(179,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][183]	= settr(182,0,185,1,0,".(goto)", 0, 2, 0);
	trans[0][181]	= settr(180,0,185,1,0,"(1)", 0, 2, 0);
	trans[0][185]	= settr(184,0,188,48,48,"i = (i+1)", 1, 2, 0);
	trans[0][186]	= settr(185,0,191,2,0,"else", 0, 2, 0);
	trans[0][187]	= settr(186,0,191,1,0,"goto :b5", 0, 2, 0);
	trans[0][190]	= settr(189,0,191,1,0,"break", 0, 2, 0);
	trans[0][191]	= settr(190,0,589,1,0,"(1)", 0, 2, 0);
	trans[0][193]	= settr(192,0,589,1,0,"goto committed", 0, 2, 0);
	trans[0][194]	= settr(193,0,195,49,0,"((phase==ROLLING))", 1, 2, 0);
	trans[0][195]	= settr(194,0,253,1,0,"(1)", 0, 2, 0);
	T = trans[0][253] = settr(252,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(252,0,198,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(252,0,252,0,0,"IF", 0, 2, 0);
	trans[0][198]	= settr(197,0,251,50,0,"((phase==TRIAL))", 1, 2, 0);
	T = trans[ 0][251] = settr(250,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(250,0,203,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][203]	= settr(202,32,247,51,51,"D_STEP56", 1, 2, 0);
	trans[0][248]	= settr(247,0,247,1,0,".(goto)", 0, 2, 0);
	T = trans[0][247] = settr(246,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(246,0,204,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(246,0,245,0,0,"DO", 0, 2, 0);
	trans[0][204]	= settr(203,0,211,52,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][211] = settr(210,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(210,0,210,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][210] = settr(209,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(209,2,205,0,0,"ATOMIC", 1, 2, 0);
	trans[0][205]	= settr(204,4,217,53,53,"cache[i].seq = seq", 1, 2, 0); /* m: 206 -> 0,217 */
	reached0[206] = 1;
	trans[0][206]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][207]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][208]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][209]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][217] = settr(216,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(216,0,215,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][215] = settr(214,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(214,0,212,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(214,0,214,0,0,"IF", 0, 2, 0);
	trans[0][212]	= settr(211,0,737,54,0,"((cuts<3))", 1, 2, 0);
	trans[0][213]	= settr(212,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][216]	= settr(215,0,237,1,0,".(goto)", 0, 2, 0);
	trans[0][214]	= settr(213,0,237,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][237] = settr(236,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(236,0,236,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][236] = settr(235,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(235,2,218,0,0,"ATOMIC", 1, 2, 0);
	trans[0][218]	= settr(217,2,233,55,55,"k = 0", 1, 2, 0);
	trans[0][234]	= settr(233,2,233,1,0,".(goto)", 1, 2, 0);
	T = trans[0][233] = settr(232,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(232,2,219,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(232,2,231,0,0,"DO", 1, 2, 0);
	trans[0][219]	= settr(218,2,228,56,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][228] = settr(227,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(227,2,220,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(227,2,227,0,0,"IF", 1, 2, 0);
	trans[0][220]	= settr(219,2,225,57,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][225] = settr(224,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(224,0,221,0,0,"sub-sequence", 1, 2, 0);
	trans[0][221]	= settr(220,2,233,58,58,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 222 -> 0,233 */
	reached0[222] = 1;
	trans[0][222]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][223]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][224]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][226]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][229]	= settr(228,2,230,1,0,".(goto)", 1, 2, 0); /* m: 230 -> 0,233 */
	reached0[230] = 1;
	trans[0][227]	= settr(226,2,230,2,0,"else", 1, 2, 0);
	trans[0][230]	= settr(229,2,233,59,59,"k = (k+1)", 1, 2, 0);
	trans[0][231]	= settr(230,2,232,2,0,"else", 1, 2, 0);
	trans[0][232]	= settr(231,2,235,1,0,"goto :b8", 1, 2, 0);
	trans[0][235]	= settr(234,0,243,1,0,"break", 1, 2, 0);
	T = trans[ 0][243] = settr(242,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(242,0,241,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][241] = settr(240,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(240,0,238,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(240,0,240,0,0,"IF", 0, 2, 0);
	trans[0][238]	= settr(237,0,737,60,0,"((cuts<3))", 1, 2, 0);
	trans[0][239]	= settr(238,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][242]	= settr(241,0,244,1,0,".(goto)", 0, 2, 0);
	trans[0][240]	= settr(239,0,244,1,0,"(1)", 0, 2, 0);
	trans[0][244]	= settr(243,0,247,61,61,"i = (i+1)", 1, 2, 0);
	trans[0][245]	= settr(244,0,250,2,0,"else", 0, 2, 0);
	trans[0][246]	= settr(245,0,250,1,0,"goto :b7", 0, 2, 0);
	trans[0][249]	= settr(248,0,250,1,0,"break", 0, 2, 0);
	trans[0][250]	= settr(249,0,271,1,0,"(1)", 0, 2, 0);
	trans[0][254]	= settr(253,0,271,1,0,".(goto)", 0, 2, 0);
	trans[0][252]	= settr(251,0,271,2,0,"else", 0, 2, 0);
	T = trans[ 0][271] = settr(270,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(270,0,270,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][270] = settr(269,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(269,2,255,0,0,"ATOMIC", 1, 2, 0);
	trans[0][255]	= settr(254,2,266,62,62,"i = 0", 1, 2, 0); /* m: 256 -> 0,266 */
	reached0[256] = 1;
	trans[0][256]	= settr(0,0,0,0,0,"k = 0",0,0,0);
	trans[0][267]	= settr(266,2,266,1,0,".(goto)", 1, 2, 0);
	T = trans[0][266] = settr(265,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(265,2,257,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(265,2,264,0,0,"DO", 1, 2, 0);
	trans[0][257]	= settr(256,2,261,63,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][261] = settr(260,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(260,2,258,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(260,2,260,0,0,"IF", 1, 2, 0);
	trans[0][258]	= settr(257,2,266,64,64,"((!(disk[k].bad)&&(disk[k].seq==seq)))", 1, 2, 0); /* m: 259 -> 266,0 */
	reached0[259] = 1;
	trans[0][259]	= settr(0,0,0,0,0,"i = (i+1)",0,0,0);
	trans[0][262]	= settr(261,2,263,1,0,".(goto)", 1, 2, 0); /* m: 263 -> 0,266 */
	reached0[263] = 1;
	trans[0][260]	= settr(259,2,263,2,0,"else", 1, 2, 0);
	trans[0][263]	= settr(262,2,266,65,65,"k = (k+1)", 1, 2, 0);
	trans[0][264]	= settr(263,2,268,2,0,"else", 1, 2, 0);
	trans[0][265]	= settr(264,2,268,1,0,"goto :b9", 1, 2, 0);
	trans[0][268]	= settr(267,2,269,1,0,"break", 1, 2, 0);
	trans[0][269]	= settr(268,0,272,66,0,"assert((i>=3))", 1, 2, 0);
	trans[0][272]	= settr(271,0,275,67,0,"assert(store)", 1, 2, 0);
/*->*/	trans[0][275]	= settr(274,32,281,68,68,"D_STEP133", 1, 2, 0);
	T = trans[ 0][281] = settr(280,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(280,0,279,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][279] = settr(278,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(278,0,276,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(278,0,278,0,0,"IF", 0, 2, 0);
	trans[0][276]	= settr(275,0,737,69,0,"((cuts<3))", 1, 2, 0);
	trans[0][277]	= settr(276,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][280]	= settr(279,0,284,1,0,".(goto)", 0, 2, 0);
	trans[0][278]	= settr(277,0,284,1,0,"(1)", 0, 2, 0);
/*->*/	trans[0][284]	= settr(283,32,290,70,70,"D_STEP135", 1, 2, 0);
	T = trans[ 0][290] = settr(289,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(289,0,288,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][288] = settr(287,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(287,0,285,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(287,0,287,0,0,"IF", 0, 2, 0);
	trans[0][285]	= settr(284,0,737,71,0,"((cuts<3))", 1, 2, 0);
	trans[0][286]	= settr(285,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][289]	= settr(288,0,343,1,0,".(goto)", 0, 2, 0);
	trans[0][287]	= settr(286,0,343,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][343] = settr(342,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(342,0,295,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][295]	= settr(294,32,339,72,72,"D_STEP56", 1, 2, 0);
	trans[0][340]	= settr(339,0,339,1,0,".(goto)", 0, 2, 0);
	T = trans[0][339] = settr(338,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(338,0,296,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(338,0,337,0,0,"DO", 0, 2, 0);
	trans[0][296]	= settr(295,0,303,73,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][303] = settr(302,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(302,0,302,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][302] = settr(301,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(301,2,297,0,0,"ATOMIC", 1, 2, 0);
	trans[0][297]	= settr(296,4,309,74,74,"cache[i].seq = seq", 1, 2, 0); /* m: 298 -> 0,309 */
	reached0[298] = 1;
	trans[0][298]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][299]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][300]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][301]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][309] = settr(308,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(308,0,307,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][307] = settr(306,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(306,0,304,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(306,0,306,0,0,"IF", 0, 2, 0);
	trans[0][304]	= settr(303,0,737,75,0,"((cuts<3))", 1, 2, 0);
	trans[0][305]	= settr(304,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][308]	= settr(307,0,329,1,0,".(goto)", 0, 2, 0);
	trans[0][306]	= settr(305,0,329,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][329] = settr(328,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(328,0,328,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][328] = settr(327,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(327,2,310,0,0,"ATOMIC", 1, 2, 0);
	trans[0][310]	= settr(309,2,325,76,76,"k = 0", 1, 2, 0);
	trans[0][326]	= settr(325,2,325,1,0,".(goto)", 1, 2, 0);
	T = trans[0][325] = settr(324,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(324,2,311,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(324,2,323,0,0,"DO", 1, 2, 0);
	trans[0][311]	= settr(310,2,320,77,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][320] = settr(319,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(319,2,312,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(319,2,319,0,0,"IF", 1, 2, 0);
	trans[0][312]	= settr(311,2,317,78,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][317] = settr(316,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(316,0,313,0,0,"sub-sequence", 1, 2, 0);
	trans[0][313]	= settr(312,2,325,79,79,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 314 -> 0,325 */
	reached0[314] = 1;
	trans[0][314]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][315]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][316]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][318]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][321]	= settr(320,2,322,1,0,".(goto)", 1, 2, 0); /* m: 322 -> 0,325 */
	reached0[322] = 1;
	trans[0][319]	= settr(318,2,322,2,0,"else", 1, 2, 0);
	trans[0][322]	= settr(321,2,325,80,80,"k = (k+1)", 1, 2, 0);
	trans[0][323]	= settr(322,2,324,2,0,"else", 1, 2, 0);
	trans[0][324]	= settr(323,2,327,1,0,"goto :b11", 1, 2, 0);
	trans[0][327]	= settr(326,0,335,1,0,"break", 1, 2, 0);
	T = trans[ 0][335] = settr(334,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(334,0,333,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][333] = settr(332,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(332,0,330,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(332,0,332,0,0,"IF", 0, 2, 0);
	trans[0][330]	= settr(329,0,737,81,0,"((cuts<3))", 1, 2, 0);
	trans[0][331]	= settr(330,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][334]	= settr(333,0,336,1,0,".(goto)", 0, 2, 0);
	trans[0][332]	= settr(331,0,336,1,0,"(1)", 0, 2, 0);
	trans[0][336]	= settr(335,0,339,82,82,"i = (i+1)", 1, 2, 0);
	trans[0][337]	= settr(336,0,342,2,0,"else", 0, 2, 0);
	trans[0][338]	= settr(337,0,342,1,0,"goto :b10", 0, 2, 0);
	trans[0][341]	= settr(340,0,342,1,0,"break", 0, 2, 0);
	trans[0][342]	= settr(341,0,352,1,0,"(1)", 0, 2, 0);
/*->*/	trans[0][352]	= settr(351,32,365,83,83,"D_STEP141", 1, 2, 0);
	T = trans[ 0][365] = settr(364,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(364,0,364,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][364]	= settr(363,32,516,84,84,"D_STEP98", 1, 2, 0);
	trans[0][366]	= settr(365,0,516,1,0,"goto running", 0, 2, 0);
	T = trans[0][475] = settr(474,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(474,0,367,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(474,0,421,0,0,"IF", 0, 2, 0);
	trans[0][367]	= settr(366,0,420,85,0,"((phase==ARMED))", 1, 2, 0);
	T = trans[ 0][420] = settr(419,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(419,0,372,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][372]	= settr(371,32,416,86,86,"D_STEP56", 1, 2, 0);
	trans[0][417]	= settr(416,0,416,1,0,".(goto)", 0, 2, 0);
	T = trans[0][416] = settr(415,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(415,0,373,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(415,0,414,0,0,"DO", 0, 2, 0);
	trans[0][373]	= settr(372,0,380,87,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][380] = settr(379,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(379,0,379,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][379] = settr(378,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(378,2,374,0,0,"ATOMIC", 1, 2, 0);
	trans[0][374]	= settr(373,4,386,88,88,"cache[i].seq = seq", 1, 2, 0); /* m: 375 -> 0,386 */
	reached0[375] = 1;
	trans[0][375]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][376]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][377]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][378]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][386] = settr(385,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(385,0,384,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][384] = settr(383,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(383,0,381,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(383,0,383,0,0,"IF", 0, 2, 0);
	trans[0][381]	= settr(380,0,737,89,0,"((cuts<3))", 1, 2, 0);
	trans[0][382]	= settr(381,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][385]	= settr(384,0,406,1,0,".(goto)", 0, 2, 0);
	trans[0][383]	= settr(382,0,406,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][406] = settr(405,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(405,0,405,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][405] = settr(404,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(404,2,387,0,0,"ATOMIC", 1, 2, 0);
	trans[0][387]	= settr(386,2,402,90,90,"k = 0", 1, 2, 0);
	trans[0][403]	= settr(402,2,402,1,0,".(goto)", 1, 2, 0);
	T = trans[0][402] = settr(401,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(401,2,388,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(401,2,400,0,0,"DO", 1, 2, 0);
	trans[0][388]	= settr(387,2,397,91,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][397] = settr(396,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(396,2,389,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(396,2,396,0,0,"IF", 1, 2, 0);
	trans[0][389]	= settr(388,2,394,92,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][394] = settr(393,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(393,0,390,0,0,"sub-sequence", 1, 2, 0);
	trans[0][390]	= settr(389,2,402,93,93,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 391 -> 0,402 */
	reached0[391] = 1;
	trans[0][391]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][392]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][393]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][395]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][398]	= settr(397,2,399,1,0,".(goto)", 1, 2, 0); /* m: 399 -> 0,402 */
	reached0[399] = 1;
	trans[0][396]	= settr(395,2,399,2,0,"else", 1, 2, 0);
	trans[0][399]	= settr(398,2,402,94,94,"k = (k+1)", 1, 2, 0);
	trans[0][400]	= settr(399,2,401,2,0,"else", 1, 2, 0);
	trans[0][401]	= settr(400,2,404,1,0,"goto :b13", 1, 2, 0);
	trans[0][404]	= settr(403,0,412,1,0,"break", 1, 2, 0);
	T = trans[ 0][412] = settr(411,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(411,0,410,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][410] = settr(409,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(409,0,407,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(409,0,409,0,0,"IF", 0, 2, 0);
	trans[0][407]	= settr(406,0,737,95,0,"((cuts<3))", 1, 2, 0);
	trans[0][408]	= settr(407,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][411]	= settr(410,0,413,1,0,".(goto)", 0, 2, 0);
	trans[0][409]	= settr(408,0,413,1,0,"(1)", 0, 2, 0);
	trans[0][413]	= settr(412,0,416,96,96,"i = (i+1)", 1, 2, 0);
	trans[0][414]	= settr(413,0,419,2,0,"else", 0, 2, 0);
	trans[0][415]	= settr(414,0,419,1,0,"goto :b12", 0, 2, 0);
	trans[0][418]	= settr(417,0,419,1,0,"break", 0, 2, 0);
	trans[0][419]	= settr(418,0,493,1,0,"(1)", 0, 2, 0);
	trans[0][476]	= settr(475,0,493,1,0,".(goto)", 0, 2, 0);
	trans[0][421]	= settr(420,0,474,2,0,"else", 0, 2, 0);
	T = trans[ 0][474] = settr(473,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(473,0,426,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][426]	= settr(425,32,470,97,97,"D_STEP56", 1, 2, 0);
	trans[0][471]	= settr(470,0,470,1,0,".(goto)", 0, 2, 0);
	T = trans[0][470] = settr(469,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(469,0,427,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(469,0,468,0,0,"DO", 0, 2, 0);
	trans[0][427]	= settr(426,0,434,98,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][434] = settr(433,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(433,0,433,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][433] = settr(432,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(432,2,428,0,0,"ATOMIC", 1, 2, 0);
	trans[0][428]	= settr(427,4,440,99,99,"cache[i].seq = seq", 1, 2, 0); /* m: 429 -> 0,440 */
	reached0[429] = 1;
	trans[0][429]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][430]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][431]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][432]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][440] = settr(439,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(439,0,438,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][438] = settr(437,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(437,0,435,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(437,0,437,0,0,"IF", 0, 2, 0);
	trans[0][435]	= settr(434,0,737,100,0,"((cuts<3))", 1, 2, 0);
	trans[0][436]	= settr(435,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][439]	= settr(438,0,460,1,0,".(goto)", 0, 2, 0);
	trans[0][437]	= settr(436,0,460,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][460] = settr(459,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(459,0,459,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][459] = settr(458,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(458,2,441,0,0,"ATOMIC", 1, 2, 0);
	trans[0][441]	= settr(440,2,456,101,101,"k = 0", 1, 2, 0);
	trans[0][457]	= settr(456,2,456,1,0,".(goto)", 1, 2, 0);
	T = trans[0][456] = settr(455,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(455,2,442,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(455,2,454,0,0,"DO", 1, 2, 0);
	trans[0][442]	= settr(441,2,451,102,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][451] = settr(450,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(450,2,443,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(450,2,450,0,0,"IF", 1, 2, 0);
	trans[0][443]	= settr(442,2,448,103,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][448] = settr(447,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(447,0,444,0,0,"sub-sequence", 1, 2, 0);
	trans[0][444]	= settr(443,2,456,104,104,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 445 -> 0,456 */
	reached0[445] = 1;
	trans[0][445]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][446]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][447]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][449]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][452]	= settr(451,2,453,1,0,".(goto)", 1, 2, 0); /* m: 453 -> 0,456 */
	reached0[453] = 1;
	trans[0][450]	= settr(449,2,453,2,0,"else", 1, 2, 0);
	trans[0][453]	= settr(452,2,456,105,105,"k = (k+1)", 1, 2, 0);
	trans[0][454]	= settr(453,2,455,2,0,"else", 1, 2, 0);
	trans[0][455]	= settr(454,2,458,1,0,"goto :b15", 1, 2, 0);
	trans[0][458]	= settr(457,0,466,1,0,"break", 1, 2, 0);
	T = trans[ 0][466] = settr(465,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(465,0,464,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][464] = settr(463,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(463,0,461,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(463,0,463,0,0,"IF", 0, 2, 0);
	trans[0][461]	= settr(460,0,737,106,0,"((cuts<3))", 1, 2, 0);
	trans[0][462]	= settr(461,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][465]	= settr(464,0,467,1,0,".(goto)", 0, 2, 0);
	trans[0][463]	= settr(462,0,467,1,0,"(1)", 0, 2, 0);
	trans[0][467]	= settr(466,0,470,107,107,"i = (i+1)", 1, 2, 0);
	trans[0][468]	= settr(467,0,473,2,0,"else", 0, 2, 0);
	trans[0][469]	= settr(468,0,473,1,0,"goto :b14", 0, 2, 0);
	trans[0][472]	= settr(471,0,473,1,0,"break", 0, 2, 0);
	trans[0][473]	= settr(472,0,493,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][493] = settr(492,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(492,0,492,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][492] = settr(491,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(491,2,477,0,0,"ATOMIC", 1, 2, 0);
	trans[0][477]	= settr(476,2,488,108,108,"i = 0", 1, 2, 0); /* m: 478 -> 0,488 */
	reached0[478] = 1;
	trans[0][478]	= settr(0,0,0,0,0,"k = 0",0,0,0);
	trans[0][489]	= settr(488,2,488,1,0,".(goto)", 1, 2, 0);
	T = trans[0][488] = settr(487,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(487,2,479,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(487,2,486,0,0,"DO", 1, 2, 0);
	trans[0][479]	= settr(478,2,483,109,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][483] = settr(482,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(482,2,480,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(482,2,482,0,0,"IF", 1, 2, 0);
	trans[0][480]	= settr(479,2,488,110,110,"((!(disk[k].bad)&&(disk[k].seq==seq)))", 1, 2, 0); /* m: 481 -> 488,0 */
	reached0[481] = 1;
	trans[0][481]	= settr(0,0,0,0,0,"i = (i+1)",0,0,0);
	trans[0][484]	= settr(483,2,485,1,0,".(goto)", 1, 2, 0); /* m: 485 -> 0,488 */
	reached0[485] = 1;
	trans[0][482]	= settr(481,2,485,2,0,"else", 1, 2, 0);
	trans[0][485]	= settr(484,2,488,111,111,"k = (k+1)", 1, 2, 0);
	trans[0][486]	= settr(485,2,490,2,0,"else", 1, 2, 0);
	trans[0][487]	= settr(486,2,490,1,0,"goto :b16", 1, 2, 0);
	trans[0][490]	= settr(489,2,491,1,0,"break", 1, 2, 0);
	trans[0][491]	= settr(490,0,506,112,0,"assert((i>=3))", 1, 2, 0);
	T = trans[ 0][506] = settr(505,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(505,0,505,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][505]	= settr(504,32,516,113,113,"D_STEP98", 1, 2, 0);
	T = trans[0][516] = settr(515,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(515,0,507,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(515,0,515,0,0,"IF", 0, 2, 0);
	trans[0][507]	= settr(506,0,508,114,0,"((phase==TRIAL))", 1, 2, 0);
	trans[0][508]	= settr(507,0,514,115,115,"data = CUR", 1, 2, 0);
	T = trans[ 0][514] = settr(513,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(513,0,512,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][512] = settr(511,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(511,0,509,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(511,0,511,0,0,"IF", 0, 2, 0);
	trans[0][509]	= settr(508,0,737,116,0,"((cuts<3))", 1, 2, 0);
	trans[0][510]	= settr(509,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][513]	= settr(512,0,714,1,0,".(goto)", 0, 2, 0);
	trans[0][511]	= settr(510,0,714,1,0,"(1)", 0, 2, 0);
	trans[0][517]	= settr(516,0,714,1,0,".(goto)", 0, 2, 0);
	trans[0][515]	= settr(514,0,714,1,0,"(1)", 0, 2, 0);
	T = trans[0][714] = settr(713,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(713,0,518,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(713,0,601,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(713,0,655,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(713,0,713,0,0,"IF", 0, 2, 0);
	trans[0][518]	= settr(517,0,571,117,0,"((phase==TRIAL))", 1, 2, 0);
	T = trans[ 0][571] = settr(570,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(570,0,523,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][523]	= settr(522,32,567,118,118,"D_STEP56", 1, 2, 0);
	trans[0][568]	= settr(567,0,567,1,0,".(goto)", 0, 2, 0);
	T = trans[0][567] = settr(566,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(566,0,524,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(566,0,565,0,0,"DO", 0, 2, 0);
	trans[0][524]	= settr(523,0,531,119,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][531] = settr(530,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(530,0,530,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][530] = settr(529,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(529,2,525,0,0,"ATOMIC", 1, 2, 0);
	trans[0][525]	= settr(524,4,537,120,120,"cache[i].seq = seq", 1, 2, 0); /* m: 526 -> 0,537 */
	reached0[526] = 1;
	trans[0][526]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][527]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][528]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][529]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][537] = settr(536,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(536,0,535,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][535] = settr(534,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(534,0,532,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(534,0,534,0,0,"IF", 0, 2, 0);
	trans[0][532]	= settr(531,0,737,121,0,"((cuts<3))", 1, 2, 0);
	trans[0][533]	= settr(532,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][536]	= settr(535,0,557,1,0,".(goto)", 0, 2, 0);
	trans[0][534]	= settr(533,0,557,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][557] = settr(556,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(556,0,556,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][556] = settr(555,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(555,2,538,0,0,"ATOMIC", 1, 2, 0);
	trans[0][538]	= settr(537,2,553,122,122,"k = 0", 1, 2, 0);
	trans[0][554]	= settr(553,2,553,1,0,".(goto)", 1, 2, 0);
	T = trans[0][553] = settr(552,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(552,2,539,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(552,2,551,0,0,"DO", 1, 2, 0);
	trans[0][539]	= settr(538,2,548,123,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][548] = settr(547,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(547,2,540,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(547,2,547,0,0,"IF", 1, 2, 0);
	trans[0][540]	= settr(539,2,545,124,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][545] = settr(544,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(544,0,541,0,0,"sub-sequence", 1, 2, 0);
	trans[0][541]	= settr(540,2,553,125,125,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 542 -> 0,553 */
	reached0[542] = 1;
	trans[0][542]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][543]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][544]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][546]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][549]	= settr(548,2,550,1,0,".(goto)", 1, 2, 0); /* m: 550 -> 0,553 */
	reached0[550] = 1;
	trans[0][547]	= settr(546,2,550,2,0,"else", 1, 2, 0);
	trans[0][550]	= settr(549,2,553,126,126,"k = (k+1)", 1, 2, 0);
	trans[0][551]	= settr(550,2,552,2,0,"else", 1, 2, 0);
	trans[0][552]	= settr(551,2,555,1,0,"goto :b18", 1, 2, 0);
	trans[0][555]	= settr(554,0,563,1,0,"break", 1, 2, 0);
	T = trans[ 0][563] = settr(562,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(562,0,561,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][561] = settr(560,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(560,0,558,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(560,0,560,0,0,"IF", 0, 2, 0);
	trans[0][558]	= settr(557,0,737,127,0,"((cuts<3))", 1, 2, 0);
	trans[0][559]	= settr(558,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][562]	= settr(561,0,564,1,0,".(goto)", 0, 2, 0);
	trans[0][560]	= settr(559,0,564,1,0,"(1)", 0, 2, 0);
	trans[0][564]	= settr(563,0,567,128,128,"i = (i+1)", 1, 2, 0);
	trans[0][565]	= settr(564,0,570,2,0,"else", 0, 2, 0);
	trans[0][566]	= settr(565,0,570,1,0,"goto :b17", 0, 2, 0);
	trans[0][569]	= settr(568,0,570,1,0,"break", 0, 2, 0);
	trans[0][570]	= settr(569,0,588,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][588] = settr(587,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(587,0,587,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][587] = settr(586,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(586,2,572,0,0,"ATOMIC", 1, 2, 0);
	trans[0][572]	= settr(571,2,583,129,129,"i = 0", 1, 2, 0); /* m: 573 -> 0,583 */
	reached0[573] = 1;
	trans[0][573]	= settr(0,0,0,0,0,"k = 0",0,0,0);
	trans[0][584]	= settr(583,2,583,1,0,".(goto)", 1, 2, 0);
	T = trans[0][583] = settr(582,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(582,2,574,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(582,2,581,0,0,"DO", 1, 2, 0);
	trans[0][574]	= settr(573,2,578,130,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][578] = settr(577,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(577,2,575,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(577,2,577,0,0,"IF", 1, 2, 0);
	trans[0][575]	= settr(574,2,583,131,131,"((!(disk[k].bad)&&(disk[k].seq==seq)))", 1, 2, 0); /* m: 576 -> 583,0 */
	reached0[576] = 1;
	trans[0][576]	= settr(0,0,0,0,0,"i = (i+1)",0,0,0);
	trans[0][579]	= settr(578,2,580,1,0,".(goto)", 1, 2, 0); /* m: 580 -> 0,583 */
	reached0[580] = 1;
	trans[0][577]	= settr(576,2,580,2,0,"else", 1, 2, 0);
	trans[0][580]	= settr(579,2,583,132,132,"k = (k+1)", 1, 2, 0);
	trans[0][581]	= settr(580,2,585,2,0,"else", 1, 2, 0);
	trans[0][582]	= settr(581,2,585,1,0,"goto :b19", 1, 2, 0);
	trans[0][585]	= settr(584,2,586,1,0,"break", 1, 2, 0);
	trans[0][586]	= settr(585,0,589,133,0,"assert((i>=3))", 1, 2, 0);
	trans[0][589]	= settr(588,0,593,1,0,"(1)", 0, 2, 0);
/*->*/	trans[0][593]	= settr(592,32,594,134,134,"D_STEP165", 1, 2, 0);
	trans[0][594]	= settr(593,0,600,135,135,"mounted = 1", 1, 2, 0);
	T = trans[ 0][600] = settr(599,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(599,0,598,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][598] = settr(597,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(597,0,595,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(597,0,597,0,0,"IF", 0, 2, 0);
	trans[0][595]	= settr(594,0,737,136,0,"((cuts<3))", 1, 2, 0);
	trans[0][596]	= settr(595,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][599]	= settr(598,0,735,1,0,".(goto)", 0, 2, 0);
	trans[0][597]	= settr(596,0,735,1,0,"(1)", 0, 2, 0);
	trans[0][715]	= settr(714,0,735,1,0,".(goto)", 0, 2, 0);
	trans[0][601]	= settr(600,0,654,137,0,"(((phase==TRIAL)&&(left>0)))", 1, 2, 0);
	T = trans[ 0][654] = settr(653,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(653,0,606,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][606]	= settr(605,32,650,138,138,"D_STEP56", 1, 2, 0);
	trans[0][651]	= settr(650,0,650,1,0,".(goto)", 0, 2, 0);
	T = trans[0][650] = settr(649,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(649,0,607,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(649,0,648,0,0,"DO", 0, 2, 0);
	trans[0][607]	= settr(606,0,614,139,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][614] = settr(613,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(613,0,613,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][613] = settr(612,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(612,2,608,0,0,"ATOMIC", 1, 2, 0);
	trans[0][608]	= settr(607,4,620,140,140,"cache[i].seq = seq", 1, 2, 0); /* m: 609 -> 0,620 */
	reached0[609] = 1;
	trans[0][609]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][610]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][611]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][612]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][620] = settr(619,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(619,0,618,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][618] = settr(617,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(617,0,615,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(617,0,617,0,0,"IF", 0, 2, 0);
	trans[0][615]	= settr(614,0,737,141,0,"((cuts<3))", 1, 2, 0);
	trans[0][616]	= settr(615,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][619]	= settr(618,0,640,1,0,".(goto)", 0, 2, 0);
	trans[0][617]	= settr(616,0,640,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][640] = settr(639,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(639,0,639,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][639] = settr(638,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(638,2,621,0,0,"ATOMIC", 1, 2, 0);
	trans[0][621]	= settr(620,2,636,142,142,"k = 0", 1, 2, 0);
	trans[0][637]	= settr(636,2,636,1,0,".(goto)", 1, 2, 0);
	T = trans[0][636] = settr(635,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(635,2,622,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(635,2,634,0,0,"DO", 1, 2, 0);
	trans[0][622]	= settr(621,2,631,143,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][631] = settr(630,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(630,2,623,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(630,2,630,0,0,"IF", 1, 2, 0);
	trans[0][623]	= settr(622,2,628,144,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][628] = settr(627,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(627,0,624,0,0,"sub-sequence", 1, 2, 0);
	trans[0][624]	= settr(623,2,636,145,145,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 625 -> 0,636 */
	reached0[625] = 1;
	trans[0][625]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][626]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][627]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][629]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][632]	= settr(631,2,633,1,0,".(goto)", 1, 2, 0); /* m: 633 -> 0,636 */
	reached0[633] = 1;
	trans[0][630]	= settr(629,2,633,2,0,"else", 1, 2, 0);
	trans[0][633]	= settr(632,2,636,146,146,"k = (k+1)", 1, 2, 0);
	trans[0][634]	= settr(633,2,635,2,0,"else", 1, 2, 0);
	trans[0][635]	= settr(634,2,638,1,0,"goto :b21", 1, 2, 0);
	trans[0][638]	= settr(637,0,646,1,0,"break", 1, 2, 0);
	T = trans[ 0][646] = settr(645,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(645,0,644,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][644] = settr(643,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(643,0,641,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(643,0,643,0,0,"IF", 0, 2, 0);
	trans[0][641]	= settr(640,0,737,147,0,"((cuts<3))", 1, 2, 0);
	trans[0][642]	= settr(641,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][645]	= settr(644,0,647,1,0,".(goto)", 0, 2, 0);
	trans[0][643]	= settr(642,0,647,1,0,"(1)", 0, 2, 0);
	trans[0][647]	= settr(646,0,650,148,148,"i = (i+1)", 1, 2, 0);
	trans[0][648]	= settr(647,0,653,2,0,"else", 0, 2, 0);
	trans[0][649]	= settr(648,0,653,1,0,"goto :b20", 0, 2, 0);
	trans[0][652]	= settr(651,0,653,1,0,"break", 0, 2, 0);
	trans[0][653]	= settr(652,0,735,1,0,"(1)", 0, 2, 0);
	trans[0][655]	= settr(654,0,659,149,0,"(((phase==IDLE)&&(updates<2)))", 1, 2, 0);
/*->*/	trans[0][659]	= settr(658,32,712,150,150,"D_STEP167", 1, 2, 0);
	T = trans[ 0][712] = settr(711,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(711,0,664,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][664]	= settr(663,32,708,151,151,"D_STEP56", 1, 2, 0);
	trans[0][709]	= settr(708,0,708,1,0,".(goto)", 0, 2, 0);
	T = trans[0][708] = settr(707,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(707,0,665,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(707,0,706,0,0,"DO", 0, 2, 0);
	trans[0][665]	= settr(664,0,672,152,0,"((i<4))", 1, 2, 0);
	T = trans[ 0][672] = settr(671,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(671,0,671,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][671] = settr(670,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(670,2,666,0,0,"ATOMIC", 1, 2, 0);
	trans[0][666]	= settr(665,4,678,153,153,"cache[i].seq = seq", 1, 2, 0); /* m: 667 -> 0,678 */
	reached0[667] = 1;
	trans[0][667]	= settr(0,0,0,0,0,"cache[i].phase = phase",0,0,0);
	trans[0][668]	= settr(0,0,0,0,0,"cache[i].left = left",0,0,0);
	trans[0][669]	= settr(0,0,0,0,0,"cache[i].bad = 0",0,0,0);
	trans[0][670]	= settr(0,0,0,0,0,"dirty[i] = 1",0,0,0);
	T = trans[ 0][678] = settr(677,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(677,0,676,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][676] = settr(675,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(675,0,673,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(675,0,675,0,0,"IF", 0, 2, 0);
	trans[0][673]	= settr(672,0,737,154,0,"((cuts<3))", 1, 2, 0);
	trans[0][674]	= settr(673,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][677]	= settr(676,0,698,1,0,".(goto)", 0, 2, 0);
	trans[0][675]	= settr(674,0,698,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][698] = settr(697,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(697,0,697,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][697] = settr(696,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(696,2,679,0,0,"ATOMIC", 1, 2, 0);
	trans[0][679]	= settr(678,2,694,155,155,"k = 0", 1, 2, 0);
	trans[0][695]	= settr(694,2,694,1,0,".(goto)", 1, 2, 0);
	T = trans[0][694] = settr(693,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(693,2,680,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(693,2,692,0,0,"DO", 1, 2, 0);
	trans[0][680]	= settr(679,2,689,156,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][689] = settr(688,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(688,2,681,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(688,2,688,0,0,"IF", 1, 2, 0);
	trans[0][681]	= settr(680,2,686,157,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][686] = settr(685,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(685,0,682,0,0,"sub-sequence", 1, 2, 0);
	trans[0][682]	= settr(681,2,694,158,158,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 683 -> 0,694 */
	reached0[683] = 1;
	trans[0][683]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][684]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][685]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][687]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][690]	= settr(689,2,691,1,0,".(goto)", 1, 2, 0); /* m: 691 -> 0,694 */
	reached0[691] = 1;
	trans[0][688]	= settr(687,2,691,2,0,"else", 1, 2, 0);
	trans[0][691]	= settr(690,2,694,159,159,"k = (k+1)", 1, 2, 0);
	trans[0][692]	= settr(691,2,693,2,0,"else", 1, 2, 0);
	trans[0][693]	= settr(692,2,696,1,0,"goto :b23", 1, 2, 0);
	trans[0][696]	= settr(695,0,704,1,0,"break", 1, 2, 0);
	T = trans[ 0][704] = settr(703,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(703,0,702,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][702] = settr(701,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(701,0,699,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(701,0,701,0,0,"IF", 0, 2, 0);
	trans[0][699]	= settr(698,0,737,160,0,"((cuts<3))", 1, 2, 0);
	trans[0][700]	= settr(699,0,737,1,0,"goto power_cut", 0, 2, 0);
	trans[0][703]	= settr(702,0,705,1,0,".(goto)", 0, 2, 0);
	trans[0][701]	= settr(700,0,705,1,0,"(1)", 0, 2, 0);
	trans[0][705]	= settr(704,0,708,161,161,"i = (i+1)", 1, 2, 0);
	trans[0][706]	= settr(705,0,711,2,0,"else", 0, 2, 0);
	trans[0][707]	= settr(706,0,711,1,0,"goto :b22", 0, 2, 0);
	trans[0][710]	= settr(709,0,711,1,0,"break", 0, 2, 0);
	trans[0][711]	= settr(710,0,735,1,0,"(1)", 0, 2, 0);
	trans[0][713]	= settr(712,0,735,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][735] = settr(734,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(734,0,734,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][734] = settr(733,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(733,2,716,0,0,"ATOMIC", 1, 2, 0);
	trans[0][716]	= settr(715,2,731,162,162,"k = 0", 1, 2, 0);
	trans[0][732]	= settr(731,2,731,1,0,".(goto)", 1, 2, 0);
	T = trans[0][731] = settr(730,2,0,0,0,"DO", 1, 2, 0);
	T = T->nxt	= settr(730,2,717,0,0,"DO", 1, 2, 0);
	    T->nxt	= settr(730,2,729,0,0,"DO", 1, 2, 0);
	trans[0][717]	= settr(716,2,726,163,0,"((k<=(4-1)))", 1, 2, 0);
	T = trans[0][726] = settr(725,2,0,0,0,"IF", 1, 2, 0);
	T = T->nxt	= settr(725,2,718,0,0,"IF", 1, 2, 0);
	    T->nxt	= settr(725,2,725,0,0,"IF", 1, 2, 0);
	trans[0][718]	= settr(717,2,723,164,0,"(dirty[k])", 1, 2, 0);
	T = trans[ 0][723] = settr(722,0,0,0,0,"sub-sequence", 1, 2, 0);
	T->nxt	= settr(722,0,719,0,0,"sub-sequence", 1, 2, 0);
	trans[0][719]	= settr(718,2,731,165,165,"disk[k].seq = cache[k].seq", 1, 2, 0); /* m: 720 -> 0,731 */
	reached0[720] = 1;
	trans[0][720]	= settr(0,0,0,0,0,"disk[k].phase = cache[k].phase",0,0,0);
	trans[0][721]	= settr(0,0,0,0,0,"disk[k].left = cache[k].left",0,0,0);
	trans[0][722]	= settr(0,0,0,0,0,"disk[k].bad = cache[k].bad",0,0,0);
	trans[0][724]	= settr(0,0,0,0,0,"dirty[k] = 0",0,0,0);
	trans[0][727]	= settr(726,2,728,1,0,".(goto)", 1, 2, 0); /* m: 728 -> 0,731 */
	reached0[728] = 1;
	trans[0][725]	= settr(724,2,728,2,0,"else", 1, 2, 0);
	trans[0][728]	= settr(727,2,731,166,166,"k = (k+1)", 1, 2, 0);
	trans[0][729]	= settr(728,2,730,2,0,"else", 1, 2, 0);
	trans[0][730]	= settr(729,2,733,1,0,"goto :b24", 1, 2, 0);
	trans[0][733]	= settr(732,0,776,1,0,"break", 1, 2, 0);
	trans[0][736]	= settr(735,0,776,1,0,"goto next", 0, 2, 0);
	trans[0][737]	= settr(736,0,738,167,167,"cuts = (cuts+1)", 1, 2, 0);
	trans[0][738]	= settr(737,0,763,168,168,"i = 0", 1, 2, 0);
	trans[0][764]	= settr(763,0,763,1,0,".(goto)", 0, 2, 0);
	T = trans[0][763] = settr(762,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(762,0,739,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(762,0,761,0,0,"DO", 0, 2, 0);
	trans[0][739]	= settr(738,0,751,169,0,"((i<4))", 1, 2, 0);
	T = trans[0][751] = settr(750,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(750,0,740,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(750,0,746,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(750,0,748,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(750,0,750,0,0,"IF", 0, 2, 0);
	trans[0][740]	= settr(739,0,745,170,0,"(dirty[i])", 1, 2, 0);
	T = trans[ 0][745] = settr(744,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(744,0,741,0,0,"sub-sequence", 0, 2, 0);
	trans[0][741]	= settr(740,0,742,171,171,"disk[i].seq = cache[i].seq", 1, 2, 0);
	trans[0][742]	= settr(741,0,743,172,172,"disk[i].phase = cache[i].phase", 1, 2, 0);
	trans[0][743]	= settr(742,0,744,173,173,"disk[i].left = cache[i].left", 1, 2, 0);
	trans[0][744]	= settr(743,0,760,174,174,"disk[i].bad = cache[i].bad", 1, 2, 0);
	trans[0][752]	= settr(751,0,760,1,0,".(goto)", 0, 2, 0);
	trans[0][746]	= settr(745,0,747,175,0,"(dirty[i])", 1, 2, 0);
	trans[0][747]	= settr(746,0,760,1,0,"(1)", 0, 2, 0);
	trans[0][748]	= settr(747,0,749,176,0,"(dirty[i])", 1, 2, 0);
	trans[0][749]	= settr(748,0,760,177,177,"disk[i].bad = 1", 1, 2, 0);
	trans[0][750]	= settr(749,0,760,178,0,"(!(dirty[i]))", 1, 2, 0);
/*->*/	trans[0][760]	= settr(759,32,763,179,179,"D_STEP177", 1, 2, 0);
	trans[0][761]	= settr(760,0,774,2,0,"else", 0, 2, 0);
	trans[0][762]	= settr(761,0,774,1,0,"goto :b25", 0, 2, 0);
	trans[0][765]	= settr(764,0,774,1,0,"break", 0, 2, 0);
	T = trans[0][774] = settr(773,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(773,0,766,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(773,0,773,0,0,"IF", 0, 2, 0);
	trans[0][766]	= settr(765,0,767,180,0,"(unflushed)", 1, 2, 0);
	trans[0][767]	= settr(766,0,771,181,181,"unflushed = 0", 1, 2, 0);
	T = trans[0][771] = settr(770,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(770,0,768,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(770,0,769,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(770,0,770,0,0,"IF", 0, 2, 0);
	trans[0][768]	= settr(767,0,776,182,182,"data = PRE", 1, 2, 0);
	trans[0][772]	= settr(771,0,776,1,0,".(goto)", 0, 2, 0);
	trans[0][769]	= settr(768,0,776,183,183,"data = CUR", 1, 2, 0);
	trans[0][770]	= settr(769,0,776,184,184,"data = MIX", 1, 2, 0);
	trans[0][775]	= settr(774,0,776,1,0,".(goto)", 0, 2, 0);
	trans[0][773]	= settr(772,0,776,2,0,"else", 0, 2, 0);
	trans[0][776]	= settr(775,0,779,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][779] = settr(778,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(778,2,777,0,0,"ATOMIC", 1, 2, 0);
	trans[0][777]	= settr(776,4,795,185,185,"mounted = 0", 1, 2, 0); /* m: 778 -> 0,795 */
	reached0[778] = 1;
	trans[0][778]	= settr(0,0,0,0,0,"i = 0",0,0,0);
	T = trans[0][795] = settr(794,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(794,0,780,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(794,0,794,0,0,"IF", 0, 2, 0);
	trans[0][780]	= settr(779,0,788,186,0,"((rots<1))", 1, 2, 0);
	T = trans[0][788] = settr(787,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(787,0,781,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(787,0,782,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(787,0,784,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(787,0,786,0,0,"IF", 0, 2, 0);
	trans[0][781]	= settr(780,0,793,187,187,"i = 0", 1, 2, 0);
	trans[0][789]	= settr(788,0,793,1,0,".(goto)", 0, 2, 0);
	trans[0][782]	= settr(781,0,783,188,0,"((4>1))", 0, 2, 0);
	trans[0][783]	= settr(782,0,793,189,189,"i = 1", 1, 2, 0);
	trans[0][784]	= settr(783,0,785,190,0,"((4>2))", 0, 2, 0);
	trans[0][785]	= settr(784,0,793,191,191,"i = 2", 1, 2, 0);
	trans[0][786]	= settr(785,0,787,192,0,"((4>3))", 0, 2, 0);
	trans[0][787]	= settr(786,0,793,193,193,"i = 3", 1, 2, 0);
/*->*/	trans[0][793]	= settr(792,32,12,194,194,"D_STEP186", 1, 2, 0);
	trans[0][796]	= settr(795,0,12,1,0,".(goto)", 0, 2, 0);
	trans[0][794]	= settr(793,0,12,1,0,"(1)", 0, 2, 0);
	trans[0][797]	= settr(796,0,12,1,0,"goto boot", 0, 2, 0);
	trans[0][798]	= settr(0,0,0,0,0,"-end-",0,0,0);
	/* np_ demon: */
	trans[_NP_] = (Trans **) emalloc(3*sizeof(Trans *));
	T = trans[_NP_][0] = settr(9997,0,1,_T5,0,"(np_)", 1,2,0);
	    T->nxt	  = settr(9998,0,0,_T2,0,"(1)",   0,2,0);
	T = trans[_NP_][1] = settr(9999,0,1,_T5,0,"(np_)", 1,2,0);
}

Trans *
settr(	int t_id, int a, int b, int c, int d,
	char *t, int g, int tpe0, int tpe1)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	tmp->atom  = a&(6|32);	/* only (2|8|32) have meaning */
	if (!g) tmp->atom |= 8;	/* no global references */
	tmp->st    = b;
	tmp->tpe[0] = tpe0;
	tmp->tpe[1] = tpe1;
	tmp->tp    = t;
	tmp->t_id  = t_id;
	tmp->forw  = c;
	tmp->back  = d;
	return tmp;
}

Trans *
cpytr(Trans *a)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	int i;
	tmp->atom  = a->atom;
	tmp->st    = a->st;
#ifdef HAS_UNLESS
	tmp->e_trans = a->e_trans;
	for (i = 0; i < HAS_UNLESS; i++)
		tmp->escp[i] = a->escp[i];
#endif
	tmp->tpe[0] = a->tpe[0];
	tmp->tpe[1] = a->tpe[1];
	for (i = 0; i < 6; i++)
	{	tmp->qu[i] = a->qu[i];
		tmp->ty[i] = a->ty[i];
	}
	tmp->tp    = (char *) emalloc(strlen(a->tp)+1);
	strcpy(tmp->tp, a->tp);
	tmp->t_id  = a->t_id;
	tmp->forw  = a->forw;
	tmp->back  = a->back;
	return tmp;
}

#ifndef NOREDUCE
int
srinc_set(int n)
{	if (n <= 2) return LOCAL;
	if (n <= 2+  DELTA) return Q_FULL_F; /* 's' or nfull  */
	if (n <= 2+2*DELTA) return Q_EMPT_F; /* 'r' or nempty */
	if (n <= 2+3*DELTA) return Q_EMPT_T; /* empty */
	if (n <= 2+4*DELTA) return Q_FULL_T; /* full  */
	if (n ==   5*DELTA) return GLOBAL;
	if (n ==   6*DELTA) return TIMEOUT_F;
	if (n ==   7*DELTA) return ALPHA_F;
	Uerror("cannot happen srinc_class");
	return BAD;
}
int
srunc(int n, int m)
{	switch(m) {
	case Q_FULL_F: return n-2;
	case Q_EMPT_F: return n-2-DELTA;
	case Q_EMPT_T: return n-2-2*DELTA;
	case Q_FULL_T: return n-2-3*DELTA;
	case ALPHA_F:
	case TIMEOUT_F: return 257; /* non-zero, and > MAXQ */
	}
	Uerror("cannot happen srunc");
	return 0;
}
#endif
int cnt;
#ifdef HAS_UNLESS
int
isthere(Trans *a, int b)
{	Trans *t;
	for (t = a; t; t = t->nxt)
		if (t->t_id == b)
			return 1;
	return 0;
}
#endif
#ifndef NOREDUCE
int
mark_safety(Trans *t) /* for conditional safety */
{	int g = 0, i, j, k;

	if (!t) return 0;
	if (t->qu[0])
		return (t->qu[1])?2:1;	/* marked */

	for (i = 0; i < 2; i++)
	{	j = srinc_set(t->tpe[i]);
		if (j >= GLOBAL && j != ALPHA_F)
			return -1;
		if (j != LOCAL)
		{	k = srunc(t->tpe[i], j);
			if (g == 0
			||  t->qu[0] != k
			||  t->ty[0] != j)
			{	t->qu[g] = k;
				t->ty[g] = j;
				g++;
	}	}	}
	return g;
}
#endif
void
retrans(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
	/* process n, with m states, is=initial state */
{	Trans *T0, *T1, *T2, *T3;
	Trans *T4, *T5; /* t_reverse or has_unless */
	int i;
#if defined(HAS_UNLESS) || !defined(NOREDUCE)
	int k;
#endif
#ifndef NOREDUCE
	int g, h, j, aa;
#endif
#ifdef HAS_UNLESS
	int p;
#endif
	if (state_tables >= 4)
	{	printf("STEP 1 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	do {
		for (i = 1, cnt = 0; i < m; i++)
		{	T2 = trans[n][i];
			T1 = T2?T2->nxt:(Trans *)0;
/* prescan: */		for (T0 = T1; T0; T0 = T0->nxt)
/* choice in choice */	{	if (T0->st && trans[n][T0->st]
				&&  trans[n][T0->st]->nxt)
					break;
			}
#if 0
		if (T0)
		printf("\tstate %d / %d: choice in choice\n",
		i, T0->st);
#endif
			if (T0)
			for (T0 = T1; T0; T0 = T0->nxt)
			{	T3 = trans[n][T0->st];
				if (!T3->nxt)
				{	T2->nxt = cpytr(T0);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
					continue;
				}
				do {	T3 = T3->nxt;
					T2->nxt = cpytr(T3);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
				} while (T3->nxt);
				cnt++;
			}
		}
	} while (cnt);
	if (state_tables >= 3)
	{	printf("STEP 2 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	for (i = 1; i < m; i++)
	{	if (trans[n][i] && trans[n][i]->nxt) /* optimize */
		{	T1 = trans[n][i]->nxt;
#if 0
			printf("\t\tpull %d (%d) to %d\n",
			T1->st, T1->forw, i);
#endif
			srcln[i] = srcln[T1->st];	/* Oyvind Teig, 5.2.0 */

			if (!trans[n][T1->st]) continue;
			T0 = cpytr(trans[n][T1->st]);
			trans[n][i] = T0;
			reach[T1->st] = 1;
			imed(T0, T1->st, n, i);
			for (T1 = T1->nxt; T1; T1 = T1->nxt)
			{
#if 0
			printf("\t\tpull %d (%d) to %d\n",
				T1->st, T1->forw, i);
#endif
		/*		srcln[i] = srcln[T1->st];  gh: not useful */
				if (!trans[n][T1->st]) continue;
				T0->nxt = cpytr(trans[n][T1->st]);
				T0 = T0->nxt;
				reach[T1->st] = 1;
				imed(T0, T1->st, n, i);
	}	}	}
	if (state_tables >= 2)
	{	printf("STEP 3 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
#ifdef HAS_UNLESS
	for (i = 1; i < m; i++)
	{	if (!trans[n][i]) continue;
		/* check for each state i if an
		 * escape to some state p is defined
		 * if so, copy and mark p's transitions
		 * and prepend them to the transition-
		 * list of state i
		 */
	 if (!like_java) /* the default */
	 {	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->e_trans = p;
				T2->nxt = trans[n][i];
				trans[n][i] = T2;
		}	}
	 } else /* outermost unless checked first */
	 {	T4 = T3 = (Trans *) 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->nxt = (Trans *) 0;
				T2->e_trans = p;
				if (T3)	T3->nxt = T2;
				else	T4 = T2;
				T3 = T2;
		}	}
		if (T4)
		{	T3->nxt = trans[n][i];
			trans[n][i] = T4;
		}
	 }
	}
#endif
#ifndef NOREDUCE
	for (i = 1; i < m; i++)
	{	if (a_cycles)
		{ /* moves through these states are visible */
	#if PROG_LAB>0 && defined(HAS_NP)
			if (progstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (progstate[n][T1->st])
					goto degrade;
	#endif
			if (accpstate[n][i] || visstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (accpstate[n][T1->st])
					goto degrade;
		}
		T1 = trans[n][i];
		if (!T1) continue;
		g = mark_safety(T1);	/* V3.3.1 */
		if (g < 0) goto degrade; /* global */
		/* check if mixing of guards preserves reduction */
		if (T1->nxt)
		{	k = 0;
			for (T0 = T1; T0; T0 = T0->nxt)
			{	if (!(T0->atom&8))
					goto degrade;
				for (aa = 0; aa < 2; aa++)
				{	j = srinc_set(T0->tpe[aa]);
					if (j >= GLOBAL && j != ALPHA_F)
						goto degrade;
					if (T0->tpe[aa]
					&&  T0->tpe[aa]
					!=  T1->tpe[0])
						k = 1;
			}	}
			/* g = 0;	V3.3.1 */
			if (k)	/* non-uniform selection */
			for (T0 = T1; T0; T0 = T0->nxt)
			for (aa = 0; aa < 2; aa++)
			{	j = srinc_set(T0->tpe[aa]);
				if (j != LOCAL)
				{	k = srunc(T0->tpe[aa], j);
					for (h = 0; h < 6; h++)
						if (T1->qu[h] == k
						&&  T1->ty[h] == j)
							break;
					if (h >= 6)
					{	T1->qu[g%6] = k;
						T1->ty[g%6] = j;
						g++;
			}	}	}
			if (g > 6)
			{	T1->qu[0] = 0;	/* turn it off */
				printf("pan: warning, line %d, ",
					srcln[i]);
			 	printf("too many stmnt types (%d)",
					g);
			  	printf(" in selection\n");
			  goto degrade;
			}
		}
		/* mark all options global if >=1 is global */
		for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			if (!(T1->atom&8)) break;
		if (T1)
degrade:	for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			T1->atom &= ~8;	/* mark as unsafe */
		/* can only mix 'r's or 's's if on same chan */
		/* and not mixed with other local operations */
		T1 = trans[n][i];
		if (!T1 || T1->qu[0]) continue;
		j = T1->tpe[0];
		if (T1->nxt && T1->atom&8)
		{ if (j == 5*DELTA)
		  {	printf("warning: line %d ", srcln[i]);
			printf("mixed condition ");
			printf("(defeats reduction)\n");
			goto degrade;
		  }
		  for (T0 = T1; T0; T0 = T0->nxt)
		  for (aa = 0; aa < 2; aa++)
		  if  (T0->tpe[aa] && T0->tpe[aa] != j)
		  {	printf("warning: line %d ", srcln[i]);
			printf("[%d-%d] mixed %stion ",
				T0->tpe[aa], j, 
				(j==5*DELTA)?"condi":"selec");
			printf("(defeats reduction)\n");
			printf("	'%s' <-> '%s'\n",
				T1->tp, T0->tp);
			goto degrade;
		} }
	}
#endif
	for (i = 1; i < m; i++)
	{	T2 = trans[n][i];
		if (!T2
		||  T2->nxt
		||  strncmp(T2->tp, ".(goto)", 7)
		||  !stopstate[n][i])
			continue;
		stopstate[n][T2->st] = 1;
	}
	if (state_tables && !verbose)
	{	if (dodot)
		{	char buf[256], *q = buf, *p = procname[n];
			while (*p != '\0')
			{	if (*p != ':')
				{	*q++ = *p;
				}
				p++;
			}
			*q = '\0';
			printf("digraph ");
			switch (Btypes[n]) {
			case I_PROC:  printf("init {\n"); break;
			case N_CLAIM: printf("claim_%s {\n", buf); break;
			case E_TRACE: printf("notrace {\n"); break;
			case N_TRACE: printf("trace {\n"); break;
			default:      printf("p_%s {\n", buf); break;
			}
			printf("size=\"8,10\";\n");
			printf("  GT [shape=box,style=dotted,label=\"%s\"];\n", buf);
			printf("  GT -> S%d;\n", is);
		} else
		{	switch (Btypes[n]) {
			case I_PROC:  printf("init\n"); break;
			case N_CLAIM: printf("claim %s\n", procname[n]); break;
			case E_TRACE: printf("notrace assertion\n"); break;
			case N_TRACE: printf("trace assertion\n"); break;
			default:      printf("proctype %s\n", procname[n]); break;
		}	}
		for (i = 1; i < m; i++)
		{	reach[i] = 1;
		}
		tagtable(n, m, is, srcln, reach);
		if (dodot) printf("}\n");
	} else
	for (i = 1; i < m; i++)
	{	int nrelse;
		if (Btypes[n] != N_CLAIM)
		{	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			{	if (T0->st == i
				&& strcmp(T0->tp, "(1)") == 0)
				{	printf("error: proctype '%s' ",
						procname[n]);
		  			printf("line %d, state %d: has un",
						srcln[i], i);
					printf("conditional self-loop\n");
					pan_exit(1);
		}	}	}
		nrelse = 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		{	if (strcmp(T0->tp, "else") == 0)
				nrelse++;
		}
		if (nrelse > 1)
		{	printf("error: proctype '%s' state",
				procname[n]);
		  	printf(" %d, inherits %d", i, nrelse);
		  	printf(" 'else' stmnts\n");
			pan_exit(1);
	}	}
#if !defined(LOOPSTATE) && !defined(BFS_PAR)
	if (state_tables)
#endif
	do_dfs(n, m, is, srcln, reach, lpstate);

	if (!t_reverse)
	{	return;
	}
	/* process n, with m states, is=initial state -- reverse list */
	if (!state_tables && Btypes[n] != N_CLAIM)
	{	for (i = 1; i < m; i++)
		{	Trans *Tx = (Trans *) 0; /* list of escapes */
			Trans *Ty = (Trans *) 0; /* its tail element */
			T1 = (Trans *) 0; /* reversed list */
			T2 = (Trans *) 0; /* its tail */
			T3 = (Trans *) 0; /* remembers possible 'else' */

			/* find unless-escapes, they should go first */
			T4 = T5 = T0 = trans[n][i];
	#ifdef HAS_UNLESS
			while (T4 && T4->e_trans) /* escapes are first in orig list */
			{	T5 = T4;	  /* remember predecessor */
				T4 = T4->nxt;
			}
	#endif
			/* T4 points to first non-escape, T5 to its parent, T0 to original list */
			if (T4 != T0)		 /* there was at least one escape */
			{	T3 = T5->nxt;		 /* start of non-escapes */
				T5->nxt = (Trans *) 0;	 /* separate */
				Tx = T0;		 /* start of the escapes */
				Ty = T5;		 /* its tail */
				T0 = T3;		 /* the rest, to be reversed */
			}
			/* T0 points to first non-escape, Tx to the list of escapes, Ty to its tail */

			/* first tail-add non-escape transitions, reversed */
			T3 = (Trans *) 0;
			for (T5 = T0; T5; T5 = T4)
			{	T4 = T5->nxt;
	#ifdef HAS_UNLESS
				if (T5->e_trans)
				{	printf("error: cannot happen!\n");
					continue;
				}
	#endif
				if (strcmp(T5->tp, "else") == 0)
				{	T3 = T5;
					T5->nxt = (Trans *) 0;
				} else
				{	T5->nxt = T1;
					if (!T1) { T2 = T5; }
					T1 = T5;
			}	}
			/* T3 points to a possible else, which is removed from the list */
			/* T1 points to the reversed list so far (without escapes) */
			/* T2 points to the tail element -- where the else should go */
			if (T2 && T3)
			{	T2->nxt = T3;	/* add else */
			} else
			{	if (T3) /* there was an else, but there's no tail */
				{	if (!T1)	/* and no reversed list */
					{	T1 = T3; /* odd, but possible */
					} else		/* even stranger */
					{	T1->nxt = T3;
			}	}	}

			/* add in the escapes, to that they appear at the front */
			if (Tx && Ty) { Ty->nxt = T1; T1 = Tx; }

			trans[n][i] = T1;
			/* reversed, with escapes first and else last */
	}	}
	if (state_tables && verbose)
	{	printf("FINAL proctype %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
	}
}
void
imed(Trans *T, int v, int n, int j)	/* set intermediate state */
{	progstate[n][T->st] |= progstate[n][v];
	accpstate[n][T->st] |= accpstate[n][v];
	stopstate[n][T->st] |= stopstate[n][v];
	mapstate[n][j] = T->st;
}
void
tagtable(int n, int m, int is, short srcln[], uchar reach[])
{	Trans *z;

	if (is >= m || !trans[n][is]
	||  is <= 0 || reach[is] == 0)
		return;
	reach[is] = 0;
	if (state_tables)
	for (z = trans[n][is]; z; z = z->nxt)
	{	if (dodot)
			dot_crack(n, is, z);
		else
			crack(n, is, z, srcln);
	}

	for (z = trans[n][is]; z; z = z->nxt)
	{
#ifdef HAS_UNLESS
		int i, j;
#endif
		tagtable(n, m, z->st, srcln, reach);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			tagtable(n, m, j, srcln, reach);
		}
#endif
	}
}

extern Trans *t_id_lkup[];

void
dfs_table(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	Trans *z;

	if (is >= m || is <= 0 || !trans[n][is])
		return;
	if ((reach[is] & (4|8|16)) != 0)
	{	if ((reach[is] & (8|16)) == 16)	/* on stack, not yet recorded */
		{	lpstate[is] = 1;
			reach[is] |= 8; /* recorded */
			if (state_tables && verbose)
			{	printf("state %d line %d is a loopstate\n", is, srcln[is]);
		}	}
		return;
	}
	reach[is] |= (4|16);	/* visited | onstack */
	for (z = trans[n][is]; z; z = z->nxt)
	{	t_id_lkup[z->t_id] = z;
#ifdef HAS_UNLESS
		int i, j;
#endif
		dfs_table(n, m, z->st, srcln, reach, lpstate);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			dfs_table(n, m, j, srcln, reach, lpstate);
		}
#endif
	}
	reach[is] &= ~16; /* no longer on stack */
}
void
do_dfs(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	int i;
	dfs_table(n, m, is, srcln, reach, lpstate);
	for (i = 0; i < m; i++)
		reach[i] &= ~(4|8|16);
}
void
crack(int n, int j, Trans *z, short srcln[])
{	int i;

	if (!z) return;
	printf("	state %3d -(tr %3d)-> state %3d  ",
		j, z->forw, z->st);
	printf("[id %3d tp %3d", z->t_id, z->tpe[0]);
	if (z->tpe[1]) printf(",%d", z->tpe[1]);
#ifdef HAS_UNLESS
	if (z->e_trans)
		printf(" org %3d", z->e_trans);
	else if (state_tables >= 2)
	for (i = 0; i < HAS_UNLESS; i++)
	{	if (!z->escp[i]) break;
		printf(" esc %d", z->escp[i]);
	}
#endif
	printf("]");
	printf(" [%s%s%s%s%s] %s:%d => ",
		z->atom&6?"A":z->atom&32?"D":"-",
		accpstate[n][j]?"a" :"-",
		stopstate[n][j]?"e" : "-",
		progstate[n][j]?"p" : "-",
		z->atom & 8 ?"L":"G",
		PanSource, srcln[j]);
	for (i = 0; z->tp[i]; i++)
		if (z->tp[i] == '\n')
			printf("\\n");
		else
			putchar(z->tp[i]);
	if (verbose && z->qu[0])
	{	printf("\t[");
		for (i = 0; i < 6; i++)
			if (z->qu[i])
				printf("(%d,%d)",
				z->qu[i], z->ty[i]);
		printf("]");
	}
	printf("\n");
	fflush(stdout);
}
/* spin -a m.pml; cc -o pan pan.c; ./pan -D | dot -Tps > foo.ps; ps2pdf foo.ps */
void
dot_crack(int n, int j, Trans *z)
{	int i;

	if (!z) return;
	printf("	S%d -> S%d  [color=black", j, z->st);

	if (z->atom&6) printf(",style=dashed");
	else if (z->atom&32) printf(",style=dotted");
	else if (z->atom&8) printf(",style=solid");
	else printf(",style=bold");

	printf(",label=\"");
	for (i = 0; z->tp[i]; i++)
	{	if (z->tp[i] == '\\'
		&&  z->tp[i+1] == 'n')
		{	i++; printf(" ");
		} else
		{	putchar(z->tp[i]);
	}	}
	printf("\"];\n");
	if (accpstate[n][j]) printf("  S%d [color=red,style=bold];\n", j);
	else if (progstate[n][j]) printf("  S%d [color=green,style=bold];\n", j);
	if (stopstate[n][j]) printf("  S%d [color=blue,style=bold,shape=box];\n", j);
}

#ifdef VAR_RANGES
#define BYTESIZE	32	/* 2^8 : 2^3 = 256:8 = 32 */

typedef struct Vr_Ptr {
	char	*nm;
	uchar	vals[BYTESIZE];
	struct Vr_Ptr *nxt;
} Vr_Ptr;
Vr_Ptr *ranges = (Vr_Ptr *) 0;

void
logval(char *s, int v)
{	Vr_Ptr *tmp;

	if (v<0 || v > 255) return;
	for (tmp = ranges; tmp; tmp = tmp->nxt)
		if (!strcmp(tmp->nm, s))
			goto found;
	tmp = (Vr_Ptr *) emalloc(sizeof(Vr_Ptr));
	tmp->nxt = ranges;
	ranges = tmp;
	tmp->nm = s;
found:
	tmp->vals[(v)/8] |= 1<<((v)%8);
}

void
dumpval(uchar X[], int range)
{	int w, x, i, j = -1;

	for (w = i = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
from:		if ((X[w] & (1<<x)))
		{	printf("%d", i);
			j = i;
			goto upto;
	}	}
	return;
	for (w = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
upto:		if (!(X[w] & (1<<x)))
		{	if (i-1 == j)
				printf(", ");
			else
				printf("-%d, ", i-1);
			goto from;
	}	}
	if (j >= 0 && j != 255)
		printf("-255");
}

void
dumpranges(void)
{	Vr_Ptr *tmp;
	printf("\nValues assigned within ");
	printf("interval [0..255]:\n");
	for (tmp = ranges; tmp; tmp = tmp->nxt)
	{	printf("\t%s\t: ", tmp->nm);
		dumpval(tmp->vals, BYTESIZE);
		printf("\n");
	}
}
#endif
