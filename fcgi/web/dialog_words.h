// What the dialog says, in both languages. Constant data; any thread.
#pragma once

#include <span>

#include "fcgi/web/receipt_words.h"

namespace fiscalgate::web {

// Those the templates name by themselves.
std::span<const Words> DialogWords();

// A headline and a sentence. `name` of the headline is the state as the script and the style know
// it: queued, sending, printed, failed, unknown or cancelled.
struct Telling {
  Words title, text;
};
// `held`: it is queued, and something keeps its register from taking it.
Telling TellState(task::State state, bool is_receipt, bool held);
Telling PayTelling();  // the buyer has to pay first, elsewhere
Words PaidWords();     // the card was charged, and the receipt failed
Words AheadWords();    // before a number

}  // namespace fiscalgate::web
