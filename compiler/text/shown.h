/* How an item that fails can be shown: numbers, `string` and records; what the author's own types hold nobody knows.
 */
#ifndef SHOWN_H
#define SHOWN_H

enum item_shown {
    SHOWN_NOT, SHOWN_SIGNED, SHOWN_UNSIGNED, SHOWN_CHAR, SHOWN_BOOL, SHOWN_FLOAT, SHOWN_TEXT, SHOWN_RECORD
};

#endif
