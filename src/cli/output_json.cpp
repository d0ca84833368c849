// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON, format version 1. Within it keys are only added, never renamed or removed; readers ignore keys they do not
// know. Sizes are bytes, times are seconds since 1970 (0: unknown).
#include "cli/answer.h"
#include "cli/json_head.h"
#include "cli/json_writer.h"
#include "cli/words.h"

namespace bootguard {
namespace {

void put_state(JsonWriter& json, const Metadata& metadata) {
  json.begin_object("state");
  json.text("area_uuid", metadata.area_uuid.to_string());
  json.number("sequence", metadata.sequence);
  json.text("phase", name(metadata.phase));
  json.text("request", name(metadata.request));
  json.text("last_result", name(metadata.last_result));
  json.text("last_reason", name(metadata.last_reason));
  json.number("last_result_time", metadata.last_result_time_s);
  json.number("attempts_limit", metadata.attempts_limit);
  json.number("attempts_left", metadata.attempts_left);
  json.number("trial_boots", metadata.trial_boots);
  json.number("armed_time", metadata.armed_time_s);
  json.number("checkpoint_time", metadata.checkpoint_time_s);
  json.text("old_slot", metadata.old_slot.view());
  json.text("new_slot", metadata.new_slot.view());
  json.text("booted_slot", metadata.booted_slot.view());
  json.end_object();
}

void put_report(JsonWriter& json, const VerbReport& report) {
  json.boolean("changed", report.changed);
  json.text("summary", report.summary);
  json.begin_array("warnings");
  for (const std::string& warning : report.warnings) json.text(nullptr, warning);
  json.end_array();
  put_state(json, report.metadata);
}

void put_boot(JsonWriter& json, const BootReport& report) {
  json.boolean("mount", report.mount);
  json.text("device", report.device);
  json.boolean("protected", report.is_protected);
  json.text("decision", decision_name(report));
  json.text("reason", name(report.reason));
  json.text("why", report.why);
  json.number("chunks_copied_back", report.chunks_copied_back);
  if (report.metadata) put_state(json, *report.metadata);
}

void put_volume(JsonWriter& json, const VolumeStatus& volume) {
  const VolumeRecord& record = volume.record;
  json.begin_object();
  json.text("name", record.name.view());
  json.text("mode", name(record.mode));
  json.text("filesystem", name(record.filesystem));
  json.text("fs_uuid", record.fs_uuid.to_string());
  json.number("device_size", to_bytes(record.device_size).n);
  json.number("chunk_size", to_bytes(record.chunk).n);
  json.text("device", volume.device);
  json.text("device_error", volume.device_error);
  json.text("mapping", volume.mapping);
  json.text("mounted_at", volume.mounted_at);
  json.begin_object("store");
  json.text("state", volume.store_state);
  json.text("detail", volume.store_detail);
  json.number("size", to_bytes(record.store_size).n);
  if (volume.fill_known) {
    json.number("used", to_bytes(Sectors(volume.fill_used)).n);
    json.number("total", to_bytes(Sectors(volume.fill_total)).n);
  }
  json.end_object();
  json.end_object();
}

void put_status(JsonWriter& json, const StatusReport& report) {
  json.begin_object("metadata");
  json.text("device", report.metadata_device);
  json.begin_array("copies");
  for (const CopyRead& copy : report.copies) {
    if (!report.copies_known) break;
    json.begin_object();
    json.text("state", to_string(copy.state));
    json.text("detail", copy.detail);
    json.number("sequence", copy.sequence);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  if (report.metadata) put_state(json, *report.metadata);
  json.begin_array("volumes");
  for (const VolumeStatus& volume : report.volumes) put_volume(json, volume);
  json.end_array();
}

void put_events(JsonWriter& json, const std::vector<Event>& events) {
  json.begin_array("events");
  for (const Event& event : events) {
    json.begin_object();
    json.number("number", event.number);
    json.number("time", event.time_s);
    json.text("kind", name(event.kind));
    json.text("reason", name(event.reason));
    json.text("phase", name(event.phase));
    json.number("attempts_left", event.attempts_left);
    json.text("slot", event.slot.view());
    json.number("errno", event.os_error);
    json.number("detail", event.detail);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

Rendered render_json(const Answer& answer) {
  const ExitCode exit = exit_code(answer);
  JsonWriter json;
  json.begin_object();
  put_json_head(json, answer.verb, exit, error_of(answer));
  if (const VerbReport* report = answer.report()) put_report(json, *report);
  if (const BootReport* report = answer.boot()) put_boot(json, *report);
  if (const StatusReport* report = answer.status()) put_status(json, *report);
  if (const std::vector<Event>* events = answer.events()) put_events(json, *events);
  json.end_object();
  return {json.finish(), ""};
}

}  // namespace bootguard
