// The doctor's look at the machine: versions, descriptors, clock, disk.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "fcgi/admin/desk.h"
#include "fcgi/admin/doctor_checks.h"
#include "fcgi/version.h"
#include "lib/http/client.h"
#include "lib/store/migrations.h"

namespace fiscalgate::admin {
namespace {

constexpr rlim_t kFewDescriptors = 4096;
constexpr int kFlushes = 50;
constexpr std::size_t kBlock = 4096;
constexpr std::int64_t kSlowFlushUs = 20'000;
// No disk and no controller with a battery answers so fast; memory does.
constexpr std::int64_t kNoFlushUs = 15;

// Of statfs(2).
constexpr std::int64_t kNfs = 0x6969, kSmb = 0x517B, kSmb2 = 0xFE534D42, kCifs = 0xFF534D42;
constexpr std::int64_t kTmpfs = 0x01021994, kRamfs = 0x858458F6;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// As the WAL does it: over blocks that are there already. Empty: errno says why.
std::optional<store::Durations> MeasureFlush(const std::string& folder) {
  // Without a name: nothing is left behind, however this ends.
  const Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  const std::vector<char> block(kBlock, 'x');
  const auto write = [&](int number) {
    return ::pwrite(file.get(), block.data(), block.size(), static_cast<off_t>(kBlock) * number) ==
           static_cast<ssize_t>(kBlock);
  };
  if (file.get() < 0) return std::nullopt;
  for (int i = 0; i < kFlushes; ++i) {
    if (!write(i)) return std::nullopt;
  }
  if (::fsync(file.get()) != 0) return std::nullopt;
  std::vector<std::int64_t> micros;
  for (int i = 0; i < kFlushes; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (!write(i) || ::fdatasync(file.get()) != 0) return std::nullopt;
    micros.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::steady_clock::now() - start)
                         .count());
  }
  return store::DurationsOf(std::move(micros));
}

void JudgeFileSystem(const struct statfs& info, const std::string& folder, Findings* findings) {
  const auto type = static_cast<std::int64_t>(info.f_type) & 0xFFFFFFFF;
  if (type == kNfs || type == kSmb || type == kSmb2 || type == kCifs) {
    findings->Fail(
        "file_system",
        folder + std::string(Say(" is on a network file system", " на сетевой файловой системе")),
        Say("SQLite cannot keep its promises there: move the store to a disk of this "
            "machine, or use PostgreSQL",
            "SQLite там не держит обещаний: перенесите базу на диск этой машины или "
            "перейдите на PostgreSQL"));
  } else if (type == kTmpfs || type == kRamfs) {
    findings->Warn("file_system",
                   folder + std::string(Say(" is in memory", " в оперативной памяти")),
                   Say("receipts are gone with the power: move the store to a disk",
                       "чеки пропадут вместе с питанием: перенесите базу на диск"));
  }
}

void JudgeRoom(const struct statfs& info, std::int64_t least_mb, Findings* findings) {
  const auto bytes = static_cast<std::int64_t>(info.f_bavail) * info.f_bsize;
  const std::int64_t free_mb = bytes >> 20;
  const std::string text = std::to_string(free_mb) + std::string(Say(" MB free", " МБ свободно"));
  if (free_mb < least_mb) {
    findings
        ->Fail("disk_free", text,
               Say("new receipts are refused: make room",
                   "новые чеки не принимаются: освободите "
                   "место"))
        .With("free_mb", free_mb);
  } else if (free_mb < 10 * least_mb || info.f_bavail < info.f_blocks / 20) {
    findings->Warn("disk_free", text, Say("make room soon", "скоро понадобится место"))
        .With("free_mb", free_mb);
  } else {
    findings->Ok("disk_free", text).With("free_mb", free_mb);
  }
}

}  // namespace

void CheckVersions(Findings* findings) {
  std::string text = "fiscalgate " FISCALGATE_VERSION +
                     std::string(Say(", tables of version ", ", таблицы версии ")) +
                     std::to_string(store::NewestSchemaVersion()) + "; " + http::LibraryVersion();
  for (const std::string& engine : store::EngineLibraries()) text += " " + engine;
  findings->Ok("versions", text).With("schema", store::NewestSchemaVersion());
}

void CheckDescriptors(Findings* findings) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const std::string text = std::string(Say("open files, at most ", "открытых файлов не больше ")) +
                           std::to_string(limit.rlim_max);
  const auto most = static_cast<std::int64_t>(limit.rlim_max);
  if (limit.rlim_max < kFewDescriptors) {
    findings
        ->Warn("descriptors", text,
               Say("a long poll and a transfer take one each: LimitNOFILE=65536 in the unit",
                   "каждый ждущий запрос занимает один: LimitNOFILE=65536 в юните"))
        .With("limit", most);
  } else {
    findings->Ok("descriptors", text).With("limit", most);
  }
}

void CheckClock(Findings* findings) {
  struct timex state {};
  const int answer = ::adjtimex(&state);  // without modes: only looks
  if (answer < 0) {
    findings->Warn("clock_sync", std::strerror(errno),
                   Say("see timedatectl", "посмотрите timedatectl"));
  } else if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    findings->Warn("clock_sync",
                   std::string(Say("the clock is not synchronised", "часы не синхронизированы")),
                   Say("install chrony or turn on systemd-timesyncd: receipts, signatures and "
                       "certificates need the time",
                       "установите chrony или включите systemd-timesyncd: время нужно чекам, "
                       "подписям и сертификатам"));
  } else {
    const std::int64_t error_ms = state.maxerror / 1000;
    findings
        ->Ok("clock_sync", std::string(Say("synchronised, within ", "синхронизированы, до ")) +
                               std::to_string(error_ms) + std::string(Say(" ms", " мс")))
        .With("max_error_ms", error_ms);
  }
}

void JudgeFlush(const store::Durations& flush, Findings* findings) {
  const std::string text =
      std::string(Say("4 KB are on the disk in ", "4 КБ оказываются на диске за ")) +
      std::to_string(flush.p50_us) +
      std::string(Say(" us, one in a hundred in ", " мкс, один раз из ста за ")) +
      std::to_string(flush.p99_us) + std::string(Say(" us", " мкс"));
  Finding finding{Level::kOk, "disk_flush", text, ""};
  if (flush.p50_us < kNoFlushUs) {
    finding.level = Level::kWarn;
    finding.advice =
        Say("too fast for a disk: it may only say so; what was acknowledged could be "
            "gone with the power",
            "слишком быстро для диска: возможно, он только обещает; при отключении "
            "питания принятое может пропасть");
  } else if (flush.p99_us > kSlowFlushUs) {
    finding.level = Level::kWarn;
    finding.advice =
        Say("a shop waits for it with every receipt: a faster disk, or fewer "
            "neighbours on it",
            "этого ждёт магазин при каждом чеке: нужен диск быстрее или меньше "
            "соседей на нём");
  }
  finding.With("p50_us", flush.p50_us).With("p99_us", flush.p99_us);
  findings->Add(std::move(finding));
}

void CheckDisk(const std::string& folder, std::int64_t least_free_mb, Findings* findings) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0) {
    findings->Fail("disk_free", folder + ": " + std::strerror(errno),
                   Say("the folder of the store must exist", "папка базы должна существовать"));
    return;
  }
  JudgeFileSystem(info, folder, findings);
  JudgeRoom(info, least_free_mb, findings);
  const std::optional<store::Durations> flush = MeasureFlush(folder);
  if (flush) return JudgeFlush(*flush, findings);
  findings->Warn("disk_flush",
                 std::string(Say("not measured: ", "не измерено: ")) + std::strerror(errno),
                 Say("run it as the user of the service", "запустите от пользователя службы"));
}

}  // namespace fiscalgate::admin
