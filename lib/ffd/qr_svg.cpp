#include "lib/ffd/qr_svg.h"

#include <qrcodegen/qrcodegen.hpp>

namespace fiscalgate::ffd {
namespace {

using qrcodegen::QrCode;

constexpr int kQuietZone = 4;  // modules, ISO/IEC 18004

// Each run of dark modules in a row is one rectangle.
void AppendRow(const QrCode& code, int y, std::string* path) {
  for (int x = 0; x < code.getSize(); ++x) {
    if (!code.getModule(x, y)) continue;
    const int start = x;
    while (x < code.getSize() && code.getModule(x, y)) ++x;
    const std::string width = std::to_string(x - start);
    *path += "M" + std::to_string(start + kQuietZone) + " " + std::to_string(y + kQuietZone) + "h" +
             width + "v1h-" + width + "z";
  }
}

}  // namespace

std::string QrSvg(std::string_view text) {
  try {
    const QrCode code = QrCode::encodeText(std::string(text).c_str(), QrCode::Ecc::MEDIUM);
    const std::string size = std::to_string(code.getSize() + 2 * kQuietZone);
    std::string path;
    for (int y = 0; y < code.getSize(); ++y) AppendRow(code, y, &path);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + " " + size +
           "\" shape-rendering=\"crispEdges\"><path d=\"" + path + "\"/></svg>";
  } catch (const qrcodegen::data_too_long&) {
    return {};
  }
}

}  // namespace fiscalgate::ffd
