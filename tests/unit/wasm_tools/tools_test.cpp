#include "wasm_tools/tools.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bao::wasm_tools {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string user =
    R"({"file":"m.yaml","root":{"n":1,"m":[{"k":"models","n":1,"m":[{"k":"User","n":2,"m":[)"
    R"({"k":"modelPrefix","n":3,"t":"u","q":true},)"
    R"({"k":"fields","n":4,"m":[{"k":"id","n":5,"m":[{"k":"type","n":5,"t":"UlidField"}]}]},)"
    R"({"k":"primaryKey","n":6,"m":[{"k":"partitionKey","n":6,"t":"id"}]}]}]}]}})";

std::string answer(std::string input) {
  return run(input);
}

TEST(Tools, GeneratesInEachLanguage) {
  EXPECT_THAT(answer("{\"language\":\"js\",\"modules\":\"esm\",\"trees\":[" + user + "]}"),
              HasSubstr(R"({"path":"../.bao/models.js","text":")"));
  EXPECT_THAT(answer("{\"language\":\"ts\",\"trees\":[" + user + "]}"), HasSubstr(R"({"path":"user.ts")"));
  EXPECT_THAT(answer("{\"language\":\"cpp\",\"trees\":[" + user + "]}"), HasSubstr(R"({"path":"user.hpp")"));
}

TEST(Tools, UsesThePathsOfTheInput) {
  const std::string text = answer(
      R"({"language":"js","modules":"commonjs","manifest":"../all","modelsFromManifest":"./here","trees":[)" +
      user + "]}");
  EXPECT_THAT(text, HasSubstr(R"("path":"../all.js")"));
  EXPECT_THAT(text, HasSubstr(R"(require(\"./here/user.js\"))"));
}

TEST(Tools, GivesEveryMistakeWithFileAndLine) {
  const std::string text =
      answer(R"({"language":"js","mistakes":[{"file":"a.yaml","line":3,"message":"not valid YAML"}],)"
             R"("trees":[{"file":"b.yaml","root":{"n":1,"m":[{"k":"model","n":2,"l":[]}]}}]})");
  EXPECT_EQ(text, R"({"mistakes":["a.yaml:3: not valid YAML",)"
                  R"("b.yaml:2: the file has the unknown key 'model'; did you mean 'models'?"]})");
}

TEST(Tools, RefusesInputThatIsNotItsOwn) {
  EXPECT_EQ(answer("{"), R"({"mistakes":["the input is wrong: unexpected end at offset 1"]})");
  EXPECT_EQ(answer(R"({"language":"perl"})"),
            R"({"mistakes":["the input names the unknown language 'perl'"]})");
  EXPECT_EQ(answer(R"({"modules":"amd"})"),
            R"({"mistakes":["the input names the unknown module system 'amd'"]})");
  EXPECT_EQ(answer(R"({"x":1})"), R"({"mistakes":["the input has an unknown member"]})");
  EXPECT_EQ(answer(R"({"trees":[{"file":"a","root":{"z":1}}]})"),
            R"({"mistakes":["the input has a node with an unknown member"]})");
}

// 64 levels of YAML are 128 of JSON, and what is deeper than the parser lets through is an error, no crash.
TEST(Tools, ReadsWhatTheParserLetsThrough) {
  const auto nested = [](int levels) {
    std::string root = "{\"t\":\"x\"}";
    for (int i = 0; i < levels; ++i) root = "{\"l\":[" + root + "]}";
    return answer("{\"language\":\"js\",\"trees\":[{\"file\":\"a\",\"root\":" + root + "}]}");
  };
  EXPECT_THAT(nested(64), HasSubstr("must be a map, not a list"));
  EXPECT_THAT(nested(1000), StartsWith(R"({"mistakes":["the input is wrong: )"));
}

}  // namespace
}  // namespace bao::wasm_tools
