// The ceiling: what nginx and libfcgi carry when the program behind them does nothing. Reads each
// body to its end and answers 200 bytes.
//
//   noop_responder SOCKET [THREADS]      until it is killed
#include <fcgiapp.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

const std::string& Answer() {
  static const std::string answer =
      "Status: 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n"
      "{\"result\":true,\"padding\":\"" +
      std::string(173, 'x') + "\"}";
  return answer;
}

void Serve(int listener) {
  FCGX_Request request;
  if (FCGX_InitRequest(&request, listener, 0) != 0) std::abort();
  std::vector<char> chunk(64 * 1024);
  while (FCGX_Accept_r(&request) == 0) {
    const int size = static_cast<int>(chunk.size());
    while (FCGX_GetStr(chunk.data(), size, request.in) == size) {
    }
    FCGX_PutStr(Answer().data(), static_cast<int>(Answer().size()), request.out);
    FCGX_Finish_r(&request);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: noop_responder SOCKET [THREADS]\n");
    return 2;
  }
  const int threads = argc > 2 ? std::atoi(argv[2]) : 8;
  if (FCGX_Init() != 0) return 1;
  const int listener = FCGX_OpenSocket(argv[1], 1024);
  if (listener < 0) return 1;
  std::vector<std::thread> serving;
  for (int i = 0; i < threads; ++i) serving.emplace_back(Serve, listener);
  for (std::thread& thread : serving) thread.join();
  return 0;
}
