#include "fcgi/agent/platform_windows_trust.h"

#include <vector>

#include "fcgi/agent/limits.h"
#include "fcgi/agent/platform.h"
#include "fcgi/agent/platform_windows.h"

namespace fiscalgate::agent::platform {

PrivateCa::~PrivateCa() {
  if (roots_ != nullptr) CertCloseStore(roots_, 0);
}

bool PrivateCa::Load(const std::string& path, std::string* error) {
  const auto pem = ReadFile(path, kMaxConfigBytes, error);
  if (!pem) return false;
  roots_ = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, nullptr);
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  int count = 0;
  for (auto at = pem->find(kBegin); at != std::string::npos; at = pem->find(kBegin, at + 1)) {
    const std::string one = pem->substr(at, pem->find(kBegin, at + 1) - at);
    DWORD size = 0;
    const auto length = static_cast<DWORD>(one.size());
    CryptStringToBinaryA(one.data(), length, CRYPT_STRING_BASE64HEADER, nullptr, &size, nullptr,
                         nullptr);
    std::vector<BYTE> der(size);
    if (size == 0 ||
        !CryptStringToBinaryA(one.data(), length, CRYPT_STRING_BASE64HEADER, der.data(), &size,
                              nullptr, nullptr) ||
        !CertAddEncodedCertificateToStore(roots_, X509_ASN_ENCODING, der.data(), size,
                                          CERT_STORE_ADD_ALWAYS, nullptr)) {
      *error = Reason(path);
      return false;
    }
    ++count;
  }
  if (count == 0) {
    *error = path + ": no PEM certificate";
    return false;
  }
  return true;
}

bool PrivateCa::EndsHere(PCCERT_CHAIN_CONTEXT chain) const {
  if (chain->cChain == 0 || chain->rgpChain[0]->cElement == 0) return false;
  const CERT_SIMPLE_CHAIN& simple = *chain->rgpChain[0];
  const PCCERT_CONTEXT found =
      CertFindCertificateInStore(roots_, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING,
                                 simple.rgpElement[simple.cElement - 1]->pCertContext, nullptr);
  if (found == nullptr) return false;
  CertFreeCertificateContext(found);
  return true;
}

// Windows builds the chain and checks all but its end, which it cannot know.
std::string PrivateCa::FaultOf(PCCERT_CONTEXT certificate, const std::wstring& host) const {
  CERT_CHAIN_PARA how{};
  how.cbSize = sizeof how;
  PCCERT_CHAIN_CONTEXT chain = nullptr;
  const HCERTSTORE known = CertOpenStore(CERT_STORE_PROV_COLLECTION, 0, 0, 0, nullptr);
  CertAddStoreToCollection(known, roots_, 0, 0);
  CertAddStoreToCollection(known, certificate->hCertStore, 0, 0);
  const bool built =
      CertGetCertificateChain(nullptr, certificate, nullptr, known, &how, 0, nullptr, &chain);
  CertCloseStore(known, 0);
  if (!built) return Reason("certificate chain");
  SSL_EXTRA_CERT_CHAIN_POLICY_PARA tls{};
  tls.cbSize = sizeof tls;
  tls.dwAuthType = AUTHTYPE_SERVER;
  std::wstring name = host;
  tls.pwszServerName = name.data();
  CERT_CHAIN_POLICY_PARA policy{};
  policy.cbSize = sizeof policy;
  policy.dwFlags = CERT_CHAIN_POLICY_ALLOW_UNKNOWN_CA_FLAG;
  policy.pvExtraPolicyPara = &tls;
  CERT_CHAIN_POLICY_STATUS status{};
  status.cbSize = sizeof status;
  const bool asked =
      CertVerifyCertificateChainPolicy(CERT_CHAIN_POLICY_SSL, chain, &policy, &status);
  const bool ours = EndsHere(chain);
  const DWORD faults = chain->TrustStatus.dwErrorStatus & ~CERT_TRUST_IS_UNTRUSTED_ROOT;
  CertFreeCertificateChain(chain);
  if (!asked) return Reason("certificate policy");
  if (status.dwError != 0) return SystemError(status.dwError);
  if (!ours) return "not issued by the given CA";
  return faults == 0 ? "" : "certificate chain " + std::to_string(faults);
}

}  // namespace fiscalgate::agent::platform
