// Every limit has a name, and its reason stands beside it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fiscalgate::base {

// Input from shops.
inline constexpr std::size_t kMaxBodyBytes = 1024 * 1024;  // nginx client_max_body_size is the same
inline constexpr std::size_t kMaxJsonBytes =
    256 * 1024;                           // 250 items with long names are under 200 KB
inline constexpr int kMaxJsonDepth = 16;  // a receipt needs 7
inline constexpr std::size_t kMaxJsonNodes = 50'000;
inline constexpr std::size_t kMaxFormFields = 64;
inline constexpr std::size_t kMaxOrderIdBytes = 128;
inline constexpr std::size_t kMaxAccountIdBytes = 128;
inline constexpr std::size_t kMaxTokenBytes = 128;  // the vendor's have 32
inline constexpr std::size_t kMaxUrlBytes = 2048;
inline constexpr std::size_t kMaxCommands = 32;    // in one package
inline constexpr std::size_t kMaxItems = 250;      // a 32,768 byte document holds about that many
inline constexpr std::size_t kMaxFaults = 500;     // reported for one package
inline constexpr std::size_t kMaxFaultHints = 32;  // nearest names looked for in one receipt
inline constexpr std::size_t kMaxShownTextBytes = 768;  // of a text as the buyer will see it
inline constexpr std::size_t kMaxItemTlvBytes = 1024;   // FFD, tag 1059
inline constexpr std::size_t kMaxDocumentTlvBytes = 32 * 1024;  // FFD, a whole document
inline constexpr std::size_t kMaxFaultWordBytes = 64;       // of a key or value quoted in a fault
inline constexpr std::int64_t kMaxKopecks = 9'999'999'999;  // 99,999,999.99 roubles
inline constexpr int kMaxQuantityPlaces = 6;                // tag 1023
inline constexpr std::int64_t kMaxQuantityMillionths = 281'474'976'710'655;  // tag 1023, 48 bits

// Settings of one register at a provider.
inline constexpr std::size_t kMaxMappingBytes = 16 * 1024;  // a hundred confirmed values
inline constexpr std::size_t kMaxMappingValueBytes = 64;
inline constexpr std::size_t kMaxPointerBytes = 256;
inline constexpr std::size_t kMaxRsaKeyBytes =
    16 * 1024;  // the text of a key of 8192 bits has 7 KB

// Requests served.
inline constexpr std::size_t kMaxParkedRequests = 20'000;
inline constexpr std::size_t kMaxSilentConnections =
    4096;                                               // of one request thread, nothing sent yet
inline constexpr std::chrono::seconds kPeerTimeout{5};  // between two pieces from the web server
inline constexpr std::size_t kMaxDrainedBytes =
    16 * 1024 * 1024;  // read and thrown away of a body over its limit, to answer 413 in peace
inline constexpr std::chrono::seconds kMaxWait{
    25};  // long poll; nginx fastcgi_read_timeout is 30 s
inline constexpr int kDefaultShopRatePerSecond = 100;  // accepted posts of one shop; 0 = no limit
inline constexpr std::size_t kMaxEventsPerPage = 500;

// The emulator.
inline constexpr std::chrono::hours kMaxShiftAge{24};  // 54-FZ, article 4.3: no receipt after it
inline constexpr std::size_t kMaxRegisterDocuments =
    250'000;  // a 36-month fiscal drive keeps about that many; the journal is held in memory
inline constexpr std::size_t kMaxFaultRules = 100;
inline constexpr std::size_t kMaxStruckMarks = 100'000;  // then they are all forgotten
inline constexpr std::chrono::milliseconds kMaxFaultDelay{
    4 * 60 * 1000};  // of "slow" and "hang"; nginx waits 300 s for the emulator
inline constexpr std::chrono::hours kMaxClockAdvance{24 * 366};

// Writes waiting for the group commit. A full inbox answers 503 with Retry-After.
inline constexpr std::size_t kMaxPendingWrites = 4096;
inline constexpr std::size_t kReservedWrites = 64;  // of callers that wait, beyond the above
inline constexpr std::size_t kStoreReaders = 4;     // reading connections; others wait their turn
inline constexpr std::chrono::seconds kMaxReaderWait{5};
inline constexpr int kMaxGroupRuns = 5;  // of one group that meets other transactions
inline constexpr std::chrono::milliseconds kSettlePause{250};  // between two looks at a commit
inline constexpr std::chrono::seconds kMaxSettlingAtStop{15};  // systemd would kill us after 90 s
inline constexpr std::chrono::hours kMonthsPause{1};  // between two looks at the months to come
inline constexpr int kMaxRowsPerRead = 1000;          // of one list
inline constexpr int kMaxAttemptsPerView = 100;       // the newest of one task
inline constexpr std::uint64_t kMinFreeDiskBytes =
    64ull * 1024 * 1024;  // below: new work is refused, old work goes on

// Calls out.
inline constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;  // of a register
inline constexpr std::size_t kMaxCallbackAnswerBytes = 64 * 1024;
inline constexpr std::size_t kKeptAnswerBytes = 2048;  // of a callback answer, for the operator
inline constexpr std::size_t kMaxCallbacksInFlight = 128;
inline constexpr std::size_t kMaxCallbacksInFlightPerShop = 2;
inline constexpr std::size_t kMaxAnswerHeaderBytes = 64 * 1024;  // all headers of one answer
inline constexpr std::size_t kMaxTransfersPerOrigin = 64;  // at once; others wait for their turn
inline constexpr std::size_t kMaxIdleConnections = 64;     // kept for the next request
inline constexpr std::chrono::seconds kMaxIdleConnectionAge{
    30};                                            // below what servers commonly keep
inline constexpr std::size_t kMaxErrorBytes = 500;  // of one stored error text

inline constexpr std::size_t kMaxConfigBytes = 1024 * 1024;

// The log.
inline constexpr std::chrono::seconds kLogFlushInterval{1};
inline constexpr std::size_t kLogBufferBytes =
    64 * 1024;  // written out when this much has gathered

// Lanes.
inline constexpr std::chrono::minutes kShiftGuardAge{23 * 60 + 30};  // half an hour before the law
inline constexpr std::chrono::hours kShiftWindow{1};  // after the hour a shift is to be closed at
inline constexpr std::chrono::seconds kMaxGuardPause{60};     // between two looks at shifts
inline constexpr std::chrono::hours kMaxOfdBacklog{24 * 30};  // then the drive refuses receipts
inline constexpr std::chrono::hours kOfdBacklogWarning{24 * 5};
inline constexpr int kMaxDeadlineS = 366 * 24 * 3600;
inline constexpr int kMaxExpiredPerTurn = 256;          // tasks failed by one sweep of deadlines
inline constexpr int kMaxMovesPerTurn = 64;             // tasks of a group moved at once
inline constexpr std::chrono::seconds kProbePause{60};  // between posts to a register that was ill
inline constexpr std::size_t kMaxGroupMembers = 64;
// Agents beside registers.
inline constexpr std::chrono::seconds kAgentLease{60};    // renewed every 20 s: two may be lost
inline constexpr std::chrono::seconds kAgentAbsence{40};  // a poll lasts 25 s and is made again
inline constexpr std::chrono::seconds kAgentFetch{
    10};  // between two polls of an agent that is there
inline constexpr std::chrono::seconds kAgentBegin{30};   // from the hand-over to the driver
inline constexpr std::chrono::seconds kAgentMargin{15};  // beyond that and the driver's time-out
inline constexpr std::size_t kMaxAgentAnswerBytes =
    kMaxAnswerBytes + kMaxAnswerHeaderBytes + 4096;   // the driver's answer as a message
inline constexpr std::size_t kMaxAgentHeaders = 100;  // of such a message
inline constexpr std::size_t kMaxHeldLeases = 64;     // named in one poll
inline constexpr std::size_t kMaxLostLeases = 64;     // of one register, remembered to be disproved
inline constexpr std::size_t kKeptEvidenceBytes = 64 * 1024;  // of one answer, for the operator
inline constexpr int kMaxEvidencePerView = 50;                // the newest of one task
inline constexpr int kWrongAgentKeysPerSecond = 20;           // answered 401; more are answered 429
inline constexpr std::chrono::seconds kAgentSeenWritten{60};  // in the store, if nothing changes

// Conversations with cloud registers.
inline constexpr std::size_t kMaxConversationsInFlight = 32;  // requests at once to one register
inline constexpr std::size_t kMaxAllConversationsInFlight = 1024;  // and to all of them together
inline constexpr int kTroublesToOpen = 5;  // in a row, then a register's breaker opens
inline constexpr std::chrono::milliseconds kMinTalkPause{200};  // whatever a provider asks for
inline constexpr std::chrono::minutes kHealthPause{5};          // between two looks at a service
inline constexpr std::chrono::seconds kIllHealthPause{60};      // while its breaker is open

// Turns of the dispatcher and of the relay.
inline constexpr std::size_t kMaxLooksPerTurn = 256;  // heads read before answers are looked at
inline constexpr std::chrono::milliseconds kStoreRetryPause{1'000};  // after a refused commit
inline constexpr std::chrono::seconds kLaneHintAge{10};  // then a lane is looked at in full again
inline constexpr int kMaxClaimMisses = 3;  // claims of a lane that missed in a row, then it pauses
inline constexpr std::size_t kMaxBreakers = 20'000;       // addresses remembered for failures
inline constexpr std::size_t kCallbackWindow = 8;         // due callbacks of a shop read at once
inline constexpr std::size_t kMaxMovesPerSecond = 256;    // callbacks put off by open breakers
inline constexpr std::size_t kMaxSuspectCallbacks = 32;   // in flight to shops that failed last
inline constexpr std::size_t kMaxUnprovenCallbacks = 96;  // those, and to shops not yet reached

// Several nodes on one store. A node that was not heard of for kNodeSilence is dead to the others;
// it stopped sending before that. Dead nodes' lanes must move within 10 s.
inline constexpr std::chrono::milliseconds kNodeRenewPause{1'500};
inline constexpr std::chrono::milliseconds kNodeMaySend{5'000};  // after a renewal began
inline constexpr std::chrono::milliseconds kNodeSilence{6'000};
inline constexpr std::chrono::milliseconds kNodeLookPause{500};
// Somebody who has not looked for so long was paused, and has seen nobody's silence.
inline constexpr std::chrono::milliseconds kNodeMaxLookGap{2'000};
inline constexpr std::chrono::milliseconds kNewsPause{100};  // work reaches another node in 300 ms
// An agent that has ended one thing polls again in milliseconds, but perhaps not here.
inline constexpr std::chrono::milliseconds kAgentFetchHere{300};
inline constexpr std::chrono::milliseconds kWantedAgain{1'000};  // a lane that another took since
inline constexpr std::chrono::milliseconds kLaneSweepPause{5'000};  // for what news have missed
inline constexpr int kMaxNewsPerLook = 5'000;
inline constexpr std::size_t kMaxMissingNumbers = 5'000;  // more at once: the counter has jumped

}  // namespace fiscalgate::base
