// Every limit of the agent, with its reason. Constants only: any thread, nothing can fail.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fiscalgate::agent {

inline constexpr char kVersion[] = "1.0.0";

// Bytes.
inline constexpr std::size_t kMaxRequestBytes = 2 * 1024 * 1024;  // a shop's post has at most 1 MB
inline constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;       // the gateway takes no more
inline constexpr std::size_t kMaxHeadBytes = 64 * 1024;
inline constexpr std::size_t kMaxLeaseBytes = 64;
inline constexpr std::size_t kMaxTurnBytes = 200;
inline constexpr std::size_t kMaxTurns = 8;  // of as many runs of the gateway
inline constexpr std::size_t kMaxErrorBytes = 300;  // before percent-encoding, which triples it
inline constexpr std::size_t kMaxConfigBytes = 64 * 1024;
inline constexpr std::size_t kMaxNameBytes = 40;           // of a register; it names a folder
inline constexpr std::size_t kMaxRegisters = 16;           // of one agent: a thread each
inline constexpr std::int64_t kMaxLogBytes = 1024 * 1024;  // then it is renamed, three are kept
inline constexpr std::uint64_t kMinFreeBytes = 8 * 1024 * 1024;  // below: nothing is begun

// The journal.
inline constexpr std::size_t kMaxHeld = 8;      // unacknowledged answers; then no poll is made
inline constexpr std::size_t kSeenLeases = 64;  // remembered after they were acknowledged
inline constexpr std::int64_t kTrimBytes = 256 * 1024;           // an empty journal larger is cut
inline constexpr std::int64_t kRewriteBytes = 16 * 1024 * 1024;  // any journal larger is rewritten
inline constexpr std::int64_t kMaxJournalBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kMaxRefused = 200;  // files in refused/, the oldest go first

// Times, in milliseconds.
inline constexpr std::int64_t kPollWaitMs = 25'000;       // the gateway's own limit
inline constexpr std::int64_t kPollMarginMs = 15'000;     // of a slow network, on top of the wait
inline constexpr std::int64_t kReportTimeoutMs = 30'000;  // of a megabyte over a poor line
inline constexpr std::int64_t kRenewTimeoutMs = 10'000;
inline constexpr std::int64_t kFarewellMs = 5'000;  // for a last report when stopping
inline constexpr std::int64_t kConnectMs = 10'000;
inline constexpr std::int64_t kDriverConnectMs = 5'000;    // it is on this machine
inline constexpr std::int64_t kProbeConnectMs = 3'000;     // Windows tries a closed port for 2 s
inline constexpr std::int64_t kMaxDriverMs = 10 * 60'000;  // a long shift report on a slow printer
inline constexpr std::int64_t kMaxBeginWithinS = 60;       // a lease ends then
inline constexpr std::int64_t kSkewMs = 60'000;            // a clock further off is reported
inline constexpr std::int64_t kRepeatLogMs = 60 * 60'000;  // the same trouble is said once an hour
inline constexpr std::int64_t kRetryMs[] = {1'000, 2'000, 5'000, 10'000, 30'000, 60'000};
inline constexpr std::int64_t kShortPollMs = 200;  // a poll answered sooner; a few in a row are
inline constexpr int kMaxShortPolls = 5;           // slowed down

// Times, in seconds, where the configuration says nothing else.
inline constexpr std::int64_t kRenewS = 20;      // a lease ends after 60 s
inline constexpr std::int64_t kProbeS = 60;      // between two looks whether the driver is there
inline constexpr std::int64_t kStopGraceS = 75;  // systemd and Windows are told 90 s

}  // namespace fiscalgate::agent
