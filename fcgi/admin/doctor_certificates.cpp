// The doctor's look at what opens doors: the key file, and certificates that end one day.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/doctor_checks.h"
#include "fcgi/admin/files.h"
#include "lib/base/certificate.h"
#include "lib/base/text.h"

namespace fiscalgate::admin {
namespace {

constexpr std::chrono::days kSoon{30};

bool MayRead(const std::filesystem::path& path) {
  std::error_code failed;
  return std::filesystem::is_regular_file(path, failed) && !failed;
}

// The words of `ssl_certificate FILE;` in a site that names the gateway's snippet.
void TakeCertificates(const std::string& site, std::set<std::string>* files) {
  constexpr std::string_view kWord = "ssl_certificate";
  if (site.find("fiscalgate-gateway.conf") == std::string::npos &&
      site.find("fastcgi_pass fiscalgate") == std::string::npos) {
    return;
  }
  for (std::size_t from = 0; from < site.size();) {
    const std::size_t end = std::min(site.find('\n', from), site.size());
    std::string_view line = base::Trim(std::string_view(site).substr(from, end - from));
    from = end + 1;
    if (!line.starts_with(kWord)) continue;
    line.remove_prefix(kWord.size());
    if (line.empty() || (line.front() != ' ' && line.front() != '\t')) continue;
    line = base::Trim(line.substr(0, line.find(';')));
    if (!line.empty() && line.front() == '/') files->emplace(line);
  }
}

std::set<std::string> CertificatesOfSites(const std::string& nginx_folder) {
  std::set<std::string> files;
  std::error_code failed;
  for (const char* part : {"sites-enabled", "conf.d"}) {
    const auto folder = std::filesystem::path(nginx_folder) / part;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
      if (!MayRead(entry.path())) continue;
      const base::Result<std::string> site = ReadAll(entry.path());
      if (site) TakeCertificates(*site, &files);
    }
  }
  return files;
}

void CheckFile(const std::string& file, base::WallTime now, Findings* findings) {
  const base::Result<std::string> pem = ReadAll(file);
  if (pem) return JudgeCertificates(file, *pem, now, findings);
  findings->Warn("certificate", pem.error().what,
                 Say("run the doctor as a user who may read it, with sudo for example",
                     "запустите от пользователя, которому его можно читать, например через sudo"));
}

}  // namespace

std::optional<base::KeyRing> CheckKeyFile(const std::string& path, Findings* findings) {
  base::Result<base::KeyRing> keys = base::KeyRing::Load(path);
  if (keys) {
    findings->Ok("key_file", path);
    return std::move(*keys);
  }
  const bool missing = keys.error().code == base::Code::kNotFound;
  findings->Fail("key_file", keys.error().what,
                 missing ? Say("bring it back from where its copy is kept; for a new store: "
                               "fiscalgate admin key create",
                               "верните его из хранимой копии; для новой базы: fiscalgate admin "
                               "key create")
                         : Say("it must belong to the service and be readable by nobody else: "
                               "chown fiscalgate, chmod 600",
                               "он должен принадлежать службе и не читаться другими: chown "
                               "fiscalgate, chmod 600"));
  return std::nullopt;
}

void JudgeCertificates(const std::string& name, std::string_view pem, base::WallTime now,
                       Findings* findings) {
  const auto terms = base::ReadCertificateTerms(pem);
  if (!terms) {
    findings->Warn("certificate", name + ": " + terms.error().what,
                   Say("it should be a certificate in PEM", "это должен быть сертификат в PEM"));
    return;
  }
  // A chain is as good as the first of it that ends.
  const auto first =
      std::min_element(terms->begin(), terms->end(),
                       [](const auto& a, const auto& b) { return a.not_after < b.not_after; });
  const auto left = std::chrono::floor<std::chrono::days>(first->not_after - now);
  const std::string until = name + std::string(Say(": until ", ": до ")) +
                            base::FormatUtc(first->not_after).substr(0, 10);
  Finding finding{Level::kOk, "certificate", until, ""};
  if (first->not_after <= now) {
    finding.level = Level::kFail;
    finding.advice = Say("it is over: replace it", "срок истёк: замените");
  } else if (first->not_before > now) {
    finding.level = Level::kFail;
    finding.advice =
        Say("it is not valid yet: is the clock right?", "он ещё не действует: верны ли часы?");
  } else if (left < kSoon) {
    finding.level = Level::kWarn;
    finding.advice = Say("replace it in time", "замените вовремя");
  }
  finding.With("days_left", left.count());
  findings->Add(std::move(finding));
}

void CheckCertificateFiles(const std::vector<std::string>& files, const std::string& nginx_folder,
                           base::WallTime now, Findings* findings) {
  std::set<std::string> all(files.begin(), files.end());
  all.merge(CertificatesOfSites(nginx_folder));
  for (const std::string& file : all) CheckFile(file, now, findings);
}

}  // namespace fiscalgate::admin
