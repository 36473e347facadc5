#pragma once

/// Everything that a program needs: models, client, tasks. `#include <bao/asio.hpp>` adds completion tokens.

#include <bao/capacity.hpp>
#include <bao/client.hpp>
#include <bao/condition.hpp>
#include <bao/context.hpp>
#include <bao/definition.hpp>
#include <bao/dynamic.hpp>
#include <bao/dynamic_data.hpp>
#include <bao/error.hpp>
#include <bao/exception.hpp>
#include <bao/expression.hpp>
#include <bao/field.hpp>
#include <bao/field_change.hpp>
#include <bao/field_traits.hpp>
#include <bao/iteration.hpp>
#include <bao/key_value.hpp>
#include <bao/model.hpp>
#include <bao/model_condition.hpp>
#include <bao/model_info.hpp>
#include <bao/nested.hpp>
#include <bao/nested_part.hpp>
#include <bao/nested_path.hpp>
#include <bao/operation.hpp>
#include <bao/options.hpp>
#include <bao/plugin.hpp>
#include <bao/query.hpp>
#include <bao/related.hpp>
#include <bao/results.hpp>
#include <bao/table.hpp>
#include <bao/task.hpp>
#include <bao/tenant.hpp>
#include <bao/transaction.hpp>
#include <bao/value.hpp>
#include <bao/with_context.hpp>
