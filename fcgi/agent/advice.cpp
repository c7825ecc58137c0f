// What is wrong between the agent and the gateway, and what to do about it.
#include "fcgi/agent/gateway.h"
#include "fcgi/agent/words.h"

namespace fiscalgate::agent {
namespace {

struct Words {
  Verdict verdict;
  const char* russian;
  const char* english;
};

constexpr Words kAdvice[] = {
    {Verdict::kOk, "связь со шлюзом есть", "the gateway answers"},
    {Verdict::kLeaseEnded, "аренда задания кончилась; ответ драйвера всё равно будет передан",
     "the lease has ended; the driver's answer will be reported all the same"},
    {Verdict::kRefused,
     "шлюз не принимает этот ответ и не примет; он отложен в папку refused, покажите его "
     "администратору шлюза",
     "the gateway does not take this answer and never will; it is put aside in the folder refused, "
     "show it to the gateway's administrator"},
    {Verdict::kUnauthorized,
     "шлюз не знает этого ключа, или ключ заменён: возьмите новую команду установки у "
     "администратора шлюза (fiscalgate admin register agent-setup) и выполните её здесь",
     "the gateway does not know this key, or it was replaced: take a new installation command from "
     "the gateway's administrator (fiscalgate admin register agent-setup) and run it here"},
    {Verdict::kForbidden,
     "касса в шлюзе выключена или работает не через агента: обратитесь к администратору шлюза",
     "the register is switched off in the gateway, or does not work through an agent: ask the "
     "gateway's administrator"},
    {Verdict::kOtherInstance,
     "этот ключ занят другим агентом: либо два агента работают с одним ключом, либо агент "
     "переустановлен и его журнал потерян. Остановите второй; если его нет, администратор шлюза "
     "выдаёт новый ключ: fiscalgate admin register agent-setup ИМЯ --new-pc",
     "this key belongs to another agent: either two agents use one key, or the agent was installed "
     "anew and its journal is lost. Stop the other one; if there is none, the gateway's "
     "administrator gives a new key: fiscalgate admin register agent-setup NAME --new-pc"},
    {Verdict::kTooOld, "эта версия агента устарела: установите новую",
     "this version of the agent is too old: install a new one"},
    {Verdict::kLater, "шлюз занят и просит зайти позже", "the gateway is busy: trying again later"},
    {Verdict::kRedirect,
     "по этому адресу шлюз перенаправляет на другой; агент за ним не идёт: исправьте адрес шлюза",
     "the gateway's address redirects elsewhere, which the agent does not follow: correct the "
     "address"},
    {Verdict::kServerError, "шлюз отвечает ошибкой", "the gateway answers with an error"},
    {Verdict::kNotGateway,
     "по этому адресу отвечает не шлюз Fiscalgate: проверьте адрес, а также нет ли на пути "
     "страницы "
     "входа в сеть",
     "what answers at this address is no Fiscalgate gateway: check the address, and whether a "
     "network's sign-in page is in the way"},
    {Verdict::kNoName, "имя шлюза не найдено: проверьте адрес, интернет и DNS",
     "the gateway's name is not found: check the address, the internet connection and DNS"},
    {Verdict::kNoConnection,
     "нет связи со шлюзом: проверьте интернет, адрес и порт, межсетевой экран",
     "cannot reach the gateway: check the internet connection, the address and port, the firewall"},
    {Verdict::kTls,
     "сертификату шлюза нет доверия: проверьте дату и время этого компьютера и имя в адресе; если "
     "у шлюза свой удостоверяющий центр, укажите его сертификат (--ca ФАЙЛ)",
     "the gateway's certificate is not trusted: check this PC's date and time and the name in the "
     "address; if the gateway has a CA of its own, name its certificate (--ca FILE)"},
    {Verdict::kProxy,
     "прокси не пропускает: проверьте его адрес, имя и пароль (--proxy "
     "http://имя:пароль@адрес:порт, "
     "--proxy none: без прокси)",
     "the proxy does not let us through: check its address, user and password (--proxy "
     "http://user:password@host:port, --proxy none: without one)"},
    {Verdict::kTimeout, "шлюз не ответил вовремя", "the gateway did not answer in time"},
    {Verdict::kSetting, "настройка соединения не годится: проверьте файл сертификата (ca)",
     "the connection cannot be set up: check the certificate file (ca)"},
    {Verdict::kCancelled, "вызов прерван", "the call was cancelled"},
};

}  // namespace

std::string Advice(const Response& response) {
  for (const Words& words : kAdvice) {
    if (words.verdict != response.verdict) continue;
    std::string text = Tr(words.russian, words.english);
    if (!response.detail.empty()) text += " (" + response.detail + ")";
    return text;
  }
  return response.detail;
}

std::string ClockAdvice(std::int64_t skew_ms) {
  const std::string seconds = std::to_string(skew_ms / 1000);
  return std::string(Tr("часы этого компьютера расходятся с часами шлюза на ",
                        "this PC's clock differs from the gateway's by ")) +
         seconds +
         Tr(" с: поправьте дату и время, включите их синхронизацию",
            " s: set date and time, switch their synchronisation on");
}

}  // namespace fiscalgate::agent
