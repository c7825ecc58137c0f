// The emulated BIT driver: runs packets of commands on a virtual register and a virtual bank
// terminal, one packet at a time, commands in order, until one fails. Any thread; a mutex is held
// while a packet runs, its printing included.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "fcgi/emulator/command_result.h"
#include "fcgi/emulator/fault_marks.h"
#include "fcgi/emulator/faults.h"
#include "fcgi/emulator/packet.h"
#include "lib/base/result.h"
#include "lib/protocol/bit/codec.h"
#include "lib/register/virtual_register.h"
#include "lib/register/virtual_terminal.h"

namespace fiscalgate::emulator {

class Driver {
 public:
  // All of them must outlive the driver.
  Driver(register_::VirtualRegister& kkt, register_::VirtualTerminal& terminal, FaultBox& faults,
         MarkMemory& marks)
      : kkt_(kkt), terminal_(terminal), faults_(faults), marks_(marks) {}

  // Errors: kInternal: the device's memory failed, what was printed is not known.
  base::Result<protocol::bit::DriverAnswer> Run(const Packet& packet);

  // Whether a command that was done under its order number is answered again, not done again.
  void set_deduplicate(bool on) { deduplicate_ = on; }
  bool deduplicate() const { return deduplicate_; }

  void set_tags(DeviceTags tags);
  DeviceTags tags() const;

  // Copies, for the control pages.
  struct Numbered {
    std::size_t number = 0;  // its place in the journal, from 1
    register_::Printed document;
  };
  // What was printed after the fiscal document `fd` (0 = everything), oldest first; only of one
  // kind unless it is empty.
  std::vector<Numbered> DocumentsAfter(std::int64_t fd, std::string_view kind,
                                       std::size_t limit) const;
  std::vector<Numbered> LastDocuments(std::size_t count) const;  // newest first
  std::optional<register_::Printed> FindDocument(std::int64_t fd) const;
  std::vector<register_::Slip> Slips() const;
  std::string RegisterStatus() const;
  std::string TerminalStatus() const;

 private:
  base::Result<task::CommandResult> RunOne(const Packet& packet, const PacketCommand& command);
  base::Result<task::CommandResult> RunRegister(const Packet& packet, const PacketCommand& command);
  base::Result<task::CommandResult> RunTerminal(const Packet& packet, const PacketCommand& command);
  base::Result<task::CommandResult> PrintReceipt(const Packet& packet,
                                                 const PacketCommand& command);
  std::optional<task::CommandResult> Remembered(const Packet& packet,
                                                const PacketCommand& command) const;
  std::optional<Fault> DeviceFault(const Packet& packet, const PacketCommand& command);

  register_::VirtualRegister& kkt_;
  register_::VirtualTerminal& terminal_;
  FaultBox& faults_;
  MarkMemory& marks_;
  std::atomic<bool> deduplicate_{false};
  mutable std::mutex mutex_;  // guards kkt_, terminal_ and tags_
  DeviceTags tags_;
};

}  // namespace fiscalgate::emulator
