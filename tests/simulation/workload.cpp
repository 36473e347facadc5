#include "simulation/workload.hpp"

#include <algorithm>
#include <utility>

#include "simulation/changes.hpp"

namespace bao::simulation {

Subject Subject::any(Random& random) {
  static const std::vector<const char*> all{"User", "User", "Post",  "Post",    "Doc",
                                            "Note", "Note", "Event", "Article", "Comment"};
  Subject subject{.models = all};
  if (random.chance(0.5)) subject.models = {random.pick(all), random.pick(all)};
  subject.keys = random.between(1, 3);
  if (random.chance(0.2)) subject.scoped = 1;
  return subject;
}

Subject Subject::crowd_of_one(Random& random) {
  static const std::vector<const char*> all{"Post", "Post", "Doc", "Note", "User", "Article"};
  return {.models = {random.pick(all)}, .keys = 1, .scoped = 0.2, .crowd = true};
}

Workload::Workload(const World& world, Client& client, Subject subject, Random random)
    : world_(world),
      client_(client),
      subject_(std::move(subject)),
      random_(random),
      loader_(std::make_shared<core::Cache>()) {}

void Workload::act_in_a_crowd() {
  if (client_.running() > 0) return;
  const std::int64_t what = random_.between(1, 100);
  if (what <= 5) {
    find();
  } else if (what <= 15) {
    create();
  } else if (what <= 17) {
    remove();
  } else if (what <= 25) {
    transact();
  } else {
    update();
  }
}

void Workload::act() {
  if (subject_.crowd) return act_in_a_crowd();
  if (random_.chance(0.05)) {
    loader_ = std::make_shared<core::Cache>();
    loader_from_ = world_.history.last_commit();
  }
  const int calls = random_.chance(0.3) ? 3 : 1;
  for (int call = 0; call < calls && client_.running() < 8; ++call) {
    if (subject_.wide && random_.chance(0.12)) {
      query_pages();
      continue;
    }
    const std::int64_t what = random_.between(1, 100);
    if (what <= 22) {
      find();
    } else if (what <= 27) {
      batch_find();
    } else if (what <= 31) {
      find_unique();
    } else if (what <= 36) {
      query();
    } else if (what <= 38) {
      scan();
    } else if (what <= 39) {
      count();
    } else if (what <= 41) {
      iterate();
    } else if (what <= 43) {
      search();
    } else if (what <= 56) {
      create();
    } else if (what <= 80) {
      update();
    } else if (what <= 89) {
      remove();
    } else if (what <= 93) {
      batch_write();
    } else {
      transact();
    }
  }
}

const core::Model& Workload::some_model() {
  return *world_.schema->model(random_.pick(subject_.models));
}

std::string Workload::some_tenant() {
  if (subject_.crowd) return "one";
  return random_.chance(0.7) ? "one" : "two";
}

core::KeyTexts Workload::some_key(const core::Model& model) {
  core::KeyTexts texts;
  texts.partition = std::to_string(random_.between(1, subject_.keys));
  if (model.name() == "Comment") texts.sort = "c" + std::to_string(random_.between(1, subject_.keys));
  if (model.name() == "Event") texts.partition = event_ids_.empty() ? "none" : random_.pick(event_ids_);
  return texts;
}

std::shared_ptr<Workload::Context> Workload::some_context() {
  if (!random_.chance(subject_.scoped)) return nullptr;
  if (contexts_.size() < 2 || random_.chance(0.1)) {
    if (contexts_.size() >= 2) contexts_.erase(contexts_.begin());
    auto context = std::make_shared<Context>();
    context->scope = std::make_shared<core::Scope>();
    context->opened = world_.history.last_commit();
    contexts_.push_back(std::move(context));
  }
  return random_.pick(contexts_);
}

core::FindOptions Workload::some_find_options() {
  core::FindOptions options;
  if (random_.chance(0.3)) options.batch_delay_ms = random_.between(0, 1) * random_.between(1, 30);
  options.bypass_cache = random_.chance(0.15);
  options.consistent = random_.chance(0.25);
  if (random_.chance(0.15)) options.loader = loader_;
  return options;
}

Target Workload::some_target(Operation& operation, Target::Kind kind, const core::Model& model) {
  const std::string mark = operation.marked ? mark_of(operation.number) : std::string();
  Target target;
  target.kind = kind;
  target.model = &model;
  target.texts = some_key(model);
  const bool makes_key =
      model.name() == "Event" && (kind == Target::Kind::create || kind == Target::Kind::put);
  if (makes_key) target.texts = {};
  if (!makes_key) target.row = name_of(core::primary_row_key(model, operation.tenant, target.texts));
  if (kind == Target::Kind::create || kind == Target::Kind::put) {
    target.changes = new_values(random_, model, mark, subject_.wide);
    const bool composite = model.sort_key().kind == core::KeyPart::Kind::field;
    if (!makes_key) {
      target.changes.push_back(
          set_field(model, model.field(model.partition_key().field).name, target.texts.partition));
    }
    if (composite)
      target.changes.push_back(set_field(model, model.field(model.sort_key().field).name, target.texts.sort));
    return target;
  }
  const auto seen = seen_.find(target.row);
  if (kind != Target::Kind::check && seen != seen_.end() && random_.chance(0.6)) target.base = seen->second;
  if (kind == Target::Kind::update) {
    target.changes = some_changes(random_, model, mark, subject_.wide);
    target.force_reindex = random_.chance(0.1);
  }
  const std::string field = conditional_field(model);
  if (field.empty() || !random_.chance(0.25)) return target;
  Value value = field == "version" ? Value() : some_value(random_, field);
  if (seen != seen_.end() && seen->second.attribute(field).present() && random_.chance(0.8))
    value = seen->second.attribute(field).to_value();
  target.condition = Expected{.field = *model.field_index(field), .stored = std::move(value)};
  return target;
}

}  // namespace bao::simulation
