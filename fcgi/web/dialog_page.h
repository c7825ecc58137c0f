// The dialog as HTML and as the JSON its script reads: one picture of a task, told twice. Pure; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fcgi/error_reply.h"
#include "lib/base/language.h"
#include "lib/store/store.h"

namespace fiscalgate::web {

// What is shown of a task, in the words of one language. Holds neither its id nor anything else
// that opens the shop's side.
struct DialogPicture {
  std::string state;  // queued, sending, printed, failed, unknown, cancelled
  std::string title, text;
  std::string said;  // the words of a register that refused, Russian; may be empty
  bool in_work = false, can_cancel = false, has_mark = false;
  bool can_retry = false;                                  // by the register's provider
  std::string payment_url, provider_url;                   // fcgi/cloud_window.h: TaskLinks
  std::vector<std::pair<std::string, std::string>> facts;  // label, value
  // Where the browser goes when it is over, and what it takes along; empty if the shop named no
  // page for this end.
  std::string leave_url, leave_json;
  std::string shop_site;  // the origin of the shop's page, while there is no leave_url
};

// What is known of a task's register where it is one in the cloud.
struct DialogCloud {
  bool is_cloud = false;
  bool may_be_retried = false;
  std::string payment_url, provider_url;
};
// `ahead`: tasks before it in its lane.
DialogPicture PictureOf(const store::TaskView& view, int ahead, base::Language language,
                        const DialogCloud& cloud = {});
// {"version","state",...}. `version` changes whenever anything shown does.
std::string DialogJson(const DialogPicture& picture);
std::string DialogVersion(const DialogPicture& picture);

struct DialogFrame {
  std::string base;  // "/d/TOKEN"
  std::string receipt_url, secret;
  std::string order;
  bool too_late = false;  // a cancel came after the register had begun
};
std::string RenderDialog(const DialogPicture& picture, const DialogFrame& frame,
                         base::Language language);
std::string RenderRefusal(std::string_view title, std::string_view text,
                          const ErrorEntries& entries, base::Language language);

// What the page may load and do. `leaves`: it has a form that goes to the shop.
std::string DialogPolicy(bool leaves);

// The QR code of the first receipt with a mark, or empty.
std::optional<std::string> DialogQr(const store::TaskView& view);

}  // namespace fiscalgate::web
