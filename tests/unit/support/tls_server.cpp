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
import socket, ssl, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + '/cert.pem', sys.argv[1] + '/key.pem')
listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
requests = 0
def serve(plain):
    global requests
    try:
        with context.wrap_socket(plain, server_side=True) as peer:
            while peer.recv(65536):
                requests += 1
                body = str(requests).encode()
                peer.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s' % (len(body), body))
    except (OSError, ssl.SSLError):
        plain.close()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
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

}  // namespace

TlsServer::TlsServer() {
  std::string pattern = (std::filesystem::temp_directory_path() / "fiscalgate-tls-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj "
      "/CN=router"
      " -keyout " +
      folder_ + "/key.pem -out " + folder_ + "/cert.pem 2>&1");
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

}  // namespace fiscalgate::testing
