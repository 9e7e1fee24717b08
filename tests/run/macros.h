/* Looks like functions. */
#define block_begin(times) for (int again = 0; again < (times); again++) {
#define block_end() }
