// What `fiscalgate admin doctor` looks at, one function a subject: each adds what it finds and goes
// on, whatever is wrong. Judging is apart from looking where it decides something. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcgi/admin/doctor_findings.h"
#include "lib/base/clock.h"
#include "lib/base/crypto.h"
#include "lib/store/checkup.h"
#include "lib/store/nodes.h"
#include "lib/store/store.h"

namespace fiscalgate::admin {

// ---- the machine
void CheckVersions(Findings* findings);
void CheckDescriptors(Findings* findings);
void CheckClock(Findings* findings);
// Of the folder of an SQLite store: how long it takes until 4 KB are on the disk, what is left.
void CheckDisk(const std::string& folder, std::int64_t least_free_mb, Findings* findings);
void JudgeFlush(const store::Durations& flush, Findings* findings);

// ---- keys and certificates
// Gives the keys if they can be used.
std::optional<base::KeyRing> CheckKeyFile(const std::string& path, Findings* findings);
// PEM text, under a name for people.
void JudgeCertificates(const std::string& name, std::string_view pem, base::WallTime now,
                       Findings* findings);
// Files given, and those that sites of nginx name which hand requests to the gateway.
void CheckCertificateFiles(const std::vector<std::string>& files, const std::string& nginx_folder,
                           base::WallTime now, Findings* findings);

// ---- the store
void JudgeStore(const store::Checkup& checkup, Findings* findings);
void JudgeServer(const store::ServerFacts& server, Findings* findings);

// Nodes that share the store, and who has which lane. Waits for a sign of life of each, at most
// kNodeSilence.
void CheckNodes(store::Nodes& nodes, const base::Clock& clock, Findings* findings);

// ---- the work: lanes, callbacks, agents, registers. Only where the tables are of our version.
void CheckWork(store::Store& store, base::WallTime now, Findings* findings);

}  // namespace fiscalgate::admin
