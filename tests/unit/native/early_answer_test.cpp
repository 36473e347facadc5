#include <gmock/gmock.h>

#include <boost/asio/read.hpp>
#include <future>

#include "unit/native/transport_fixture.hpp"

// Answers that come while the request is still being sent (RFC 9112, 9.5): a server need not read what it
// refuses.
namespace {

using bao::test::LoopbackServer;
using bao::test::ok_answer;
using bao::test::read_request;
using bao::test::tcp;
using bao::test::TransportTest;
using bao::test::write_all;
using testing::HasSubstr;
using Kind = bao::core::TransportError::Kind;
using std::chrono::milliseconds;

/// More than the system buffers between two sockets.
std::string body_that_does_not_fit() {
  return std::string(30'000'000, 'x');
}

/// Takes the beginning of a request only, so that the client is still sending afterwards.
std::string read_beginning(tcp::socket& socket) {
  std::string piece(4096, '\0');
  boost::system::error_code ignored;
  piece.resize(socket.read_some(boost::asio::buffer(piece), ignored));
  return piece;
}

void answer_next(tcp::socket& socket) {
  if (!read_request(socket).empty()) write_all(socket, ok_answer("next"));
  read_request(socket);
}

/// Until then a server holds its connection open, and reads nothing.
class Held {
 public:
  void wait() const { released_.wait_for(std::chrono::seconds(20)); }
  void release() { promise_.set_value(); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> released_ = promise_.get_future().share();
};

TEST_F(TransportTest, AnswerThatComesWhileTheRequestIsBeingSentIsUsed) {
  Held held;
  LoopbackServer server([&held](tcp::socket& socket, int index) {
    if (index > 0) return answer_next(socket);
    read_beginning(socket);
    for (const std::string_view piece : {"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 413 Too",
                                         " Large\r\nContent-Length: 5\r\n\r\nto", "o b"}) {
      write_all(socket, piece);
      std::this_thread::sleep_for(milliseconds(20));
    }
    held.wait();
  });
  connect_to(server);
  send(1, 5000, body_that_does_not_fit());
  run_until_reports(1);
  EXPECT_EQ(response_of(1).status, 413) << error_of(1).message;
  EXPECT_EQ(response_of(1).body, "too b");
  send(2);
  run_until_reports(2);
  EXPECT_EQ(response_of(2).body, "next");
  EXPECT_EQ(server.accepted(), 2) << "the rest of the first request would be read as the second";
  held.release();
}

TEST_F(TransportTest, AnswerBeforeAConnectionThatBreaksWhileSendingIsUsed) {
  // Closing with unread bytes resets the connection, and what is still being sent fails.
  LoopbackServer server([](tcp::socket& socket, int) {
    read_beginning(socket);
    write_all(socket, "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
  });
  connect_to(server);
  for (std::uint64_t i = 1; i <= 20; ++i) {
    send(i, 5000, body_that_does_not_fit());
    run_until_reports(static_cast<int>(i));
    EXPECT_EQ(response_of(i).status, 503) << error_of(i).message;
    EXPECT_EQ(response_of(i).body, "busy");
  }
  EXPECT_EQ(server.accepted(), 20);
}

TEST_F(TransportTest, ConnectionThatBreaksWhileSendingWithoutAWholeAnswerIsLost) {
  // The last one would end with the connection, but a reset may have taken some of it.
  for (const std::string_view answer :
       {"", "HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nbusy", "HTTP/1.1 503 Busy\r\n\r\nbusy"}) {
    LoopbackServer server([answer](tcp::socket& socket, int) {
      read_beginning(socket);
      write_all(socket, answer);
    });
    connect_to(server);
    errors_.clear();
    send(1, 5000, body_that_does_not_fit());
    run_until_reports(reports_ + 1);
    EXPECT_EQ(error_of(1).kind, Kind::lost) << answer;
    EXPECT_THAT(error_of(1).message, HasSubstr("the connection to 127.0.0.1")) << answer;
  }
}

TEST_F(TransportTest, PeerThatEndsItsSideWhileTheRequestIsBeingSentIsLostAtOnce) {
  Held held;
  LoopbackServer server([&held](tcp::socket& socket, int) {
    read_beginning(socket);
    socket.shutdown(tcp::socket::shutdown_send);
    held.wait();
  });
  connect_to(server);
  send(1, 5000, body_that_does_not_fit());
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::lost);
  EXPECT_THAT(error_of(1).message, HasSubstr("closed before an answer"));
  held.release();
}

TEST_F(TransportTest, HalfAnAnswerToARequestThatIsNotTakenTimesOut) {
  Held held;
  LoopbackServer server([&held](tcp::socket& socket, int) {
    read_beginning(socket);
    write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalf");
    held.wait();
  });
  connect_to(server);
  send(1, 150, body_that_does_not_fit());
  run_until_reports(1);
  EXPECT_EQ(error_of(1).kind, Kind::timed_out);
  io_.restart();
  io_.run();  // returns: neither reading nor writing goes on
  EXPECT_EQ(reports_, 1);
  held.release();
}

TEST_F(TransportTest, InformationWhileTheRequestIsBeingSentKeepsTheConnection) {
  LoopbackServer server([](tcp::socket& socket, int) {
    const std::string beginning = read_beginning(socket);
    write_all(socket, "HTTP/1.1 102 Processing\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(50));
    const std::size_t whole = beginning.find("\r\n\r\n") + 4 + body_that_does_not_fit().size();
    std::string rest(whole - beginning.size(), '\0');
    boost::system::error_code error;
    boost::asio::read(socket, boost::asio::buffer(rest), error);
    if (error) return;
    write_all(socket, ok_answer("done"));
    answer_next(socket);
  });
  connect_to(server);
  send(1, 5000, body_that_does_not_fit());
  run_until_reports(1);
  EXPECT_EQ(response_of(1).body, "done") << error_of(1).message;
  send(2);
  run_until_reports(2);
  EXPECT_EQ(response_of(2).body, "next");
  EXPECT_EQ(server.accepted(), 1);
}

}  // namespace
