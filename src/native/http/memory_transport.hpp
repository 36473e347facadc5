#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "local/local_engine.hpp"
#include "native/http/transport.hpp"

namespace bao::native {

/// Answers from an engine in the process, through the executor, so that nothing comes back from inside
/// send(). A request runs when its turn on the executor comes; one cancelled before that does not run at all.
/// The engine's faults show as they would behind a port: a dropped answer as a lost connection, latency as a
/// late answer, or as a timeout where it is as long as the attempt may take.
/// `file_store`: the engine's store where it has to be settled (Store::settle), which happens within
/// 100 ms of a write; null: it has not.
[[nodiscard]] std::unique_ptr<Transport> make_memory_transport(boost::asio::any_io_executor executor,
                                                               std::shared_ptr<local::LocalEngine> engine,
                                                               TransportEvents events,
                                                               local::Store* file_store = nullptr);

}  // namespace bao::native
