#include "tests/unit/support/tls_server.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

extern char** environ;

namespace fiscalgate::testing {
namespace {

constexpr char kProgram[] = R"(
import os, socket, ssl, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + '/cert.pem', sys.argv[1] + '/key.pem')
clients = sys.argv[1] + '/clients.pem'
if os.path.exists(clients):
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(clients)
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
requests = 0
def name_of(peer):
    return dict(pair[0] for pair in peer.getpeercert()['subject'])['commonName']
def refuse(peer):
    # A close with something unread would take the alert back that was just sent.
    peer.shutdown(socket.SHUT_WR)
    while peer.recv(65536):
        pass
def answer(peer, number):
    global requests
    while peer.recv(65536):
        requests += 1
        text = str(requests)
        if context.verify_mode == ssl.CERT_REQUIRED:
            text += ' %s #%d' % (name_of(peer), number)
        body = text.encode()
        peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s' % (len(body), body))
def serve(plain, number):
    try:
        with context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False) as peer:
            try:
                peer.do_handshake()
            except ssl.SSLError:
                refuse(peer)
            else:
                answer(peer, number)
    except (OSError, ssl.SSLError):
        plain.close()
number = 0
while True:
    number += 1
    threading.Thread(target=serve, args=(listener.accept()[0], number), daemon=True).start()
)";

// What the command wrote; throws if it failed, so that a missing tool is a clear failure.
std::string Run(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run: " + command);
  std::string output;
  char chunk[256];
  while (const std::size_t got = fread(chunk, 1, sizeof chunk, pipe)) output.append(chunk, got);
  if (pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

pid_t Spawn(const char* const* arguments, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = -1;
  const int fault = posix_spawnp(&pid, arguments[0], &actions, nullptr,
                                 const_cast<char* const*>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0) throw std::runtime_error(std::string("cannot start ") + arguments[0]);
  return pid;
}

std::string MakeFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "fiscalgate-tls-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return pattern;
}

// key.pem and cert.pem of `folder`.
void MakeCertificate(const std::string& folder, const std::string& name) {
  Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=" +
      name + " -addext subjectAltName=IP:127.0.0.1 -keyout " + folder + "/key.pem -out " + folder +
      "/cert.pem 2>&1");
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TlsIdentity MakeTlsIdentity(const std::string& name) {
  const std::string folder = MakeFolder();
  MakeCertificate(folder, name);
  TlsIdentity identity{ReadAll(folder + "/cert.pem"), ReadAll(folder + "/key.pem")};
  std::filesystem::remove_all(folder);
  return identity;
}

TlsServer::TlsServer(const std::vector<TlsIdentity>& clients) : folder_(MakeFolder()) {
  MakeCertificate(folder_, "router");
  for (const TlsIdentity& client : clients) {
    std::ofstream(folder_ + "/clients.pem", std::ios::app) << client.certificate;
  }
  pin_ = "sha256//" + Run("openssl pkey -in " + folder_ +
                          "/key.pem -pubout -outform der |"
                          " openssl dgst -sha256 -binary | openssl base64");
  std::ofstream(folder_ + "/server.py") << kProgram;
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const std::string program = folder_ + "/server.py";
  const char* const arguments[] = {"python3", program.c_str(), folder_.c_str(), nullptr};
  pid_ = Spawn(arguments, ends[1]);
  close(ends[1]);
  FILE* output = fdopen(ends[0], "r");
  unsigned port = 0;
  const bool told = fscanf(output, "%u", &port) == 1;
  fclose(output);
  if (!told) throw std::runtime_error("the python3 HTTPS server did not start");
  port_ = static_cast<std::uint16_t>(port);
}

TlsServer::~TlsServer() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  std::filesystem::remove_all(folder_);
}

std::string TlsServer::Url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

std::string TlsServer::certificate() const { return ReadAll(folder_ + "/cert.pem"); }

}  // namespace fiscalgate::testing
