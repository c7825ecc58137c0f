// A QR code as a small SVG picture. The only place that knows qrcodegen. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fiscalgate::ffd {

// One <svg> with one black path and the quiet zone around it; it scales to any size. Empty if the
// text is too long for a QR code.
std::string QrSvg(std::string_view text);

}  // namespace fiscalgate::ffd
