#include "tests/unit/protocol/bifit/scene.h"

namespace fiscalgate::protocol::bifit {
namespace {

const std::vector<Story> kStories = {
    {"the cause passes",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kLicence, "later waiting 60"},
      {"next", kGet},
      {kLicence, kReload},
      {"200", "later waiting 4"},
      {"next", kGet},
      {kLicence, "later waiting 116"},  // the old error is still shown
      {"next", kGet},
      {kLicence, kReload},
      {"200", "later waiting 4"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"the answer to a reload is lost: the document is asked first",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kLicence, "later waiting 60"},
      {"next", kGet},
      {kLicence, kReload},
      {"lost", "later waiting 4 trouble"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"killed while it was reloaded",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kLicence, "later waiting 60"},
      {"next", kGet},
      {kLicence, kReload},
      {"restart", kGet},
      {kPending, "later waiting 4"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"a reload that did not run does not count",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kLicence, "later waiting 60"},
      {"next", kGet},
      {kLicence, kReload},
      {"unsent", "later waiting 4 trouble"},
      {"next", kGet},
      {kLicence, kReload},
      {"401", "later waiting 4 trouble"},
      {"next", kGet},
      {"401", "renew"},
      {"renew", kGet},
      {kLicence, kReload},
      {"200", "later waiting 4"}}},
    {"the broker's token is refused",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kLicence, "later waiting 60"},
      {"next", kGet},
      {kLicence, kReload},
      {"403 {\"message\":\"x\"}", "later waiting 4"},
      {"next", kGet},
      {kLicence, "later waiting 116"},
      {"next", kGet},
      {kLicence, "failed access call_operator"}}},
    {"wrong data do not pass by themselves",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kWrong, "failed invalid_receipt fix_receipt"},
      {"retry", kGet},
      {kWrong, kReload},
      {"200", "later waiting 4"},
      {"next", kGet},
      {kPending, "later waiting 4"},
      {"next", kGet},
      {kMarked, kDone}}},
    {"fiscalised by hand meanwhile",
     {{"begin", kPost},
      {"200 254934", "later waiting 2"},
      {"next", kGet},
      {kWrong, "failed invalid_receipt fix_receipt"},
      {"retry", kGet},
      {kMarked, kDone}}},
};

BOOST_AUTO_TEST_SUITE(bifit_reload_test)

BOOST_AUTO_TEST_CASE(ADocumentInErrorIsFiscalisedOnceMore) {
  for (const Story& story : kStories) {
    BOOST_TEST_CONTEXT(story.name) { Talking().Play(story.steps); }
  }
}

BOOST_AUTO_TEST_CASE(ReloadsHaveALimit) {
  Conversation talk = Talking(With("reload_limit", "1"));
  talk.Play({{"begin", kPost},
             {"200 254934", "later waiting 2"},
             {"next", kGet},
             {kLicence, "later waiting 60"},
             {"next", kGet},
             {kLicence, kReload},
             {"200", "later waiting 4"},
             {"next", kGet},
             {kLicence, "later waiting 116"},
             {"next", kGet},
             {kLicence, "failed access call_operator"},
             {"retry", kGet},
             {kLicence, kReload}});
  BOOST_TEST(talk.request().body == "[254934]");
  BOOST_TEST(http::FindHeader(talk.request().headers, "Broker-token") == "FkxvbtJgG3b2Broker");
  BOOST_TEST(talk.options().fresh_connection);
}

BOOST_AUTO_TEST_CASE(WithoutPolicyOrTokenOnlyAPersonReloads) {
  const std::vector<Step> failed = {{"begin", kPost},
                                    {"200 254934", "later waiting 2"},
                                    {"next", kGet},
                                    {kLicence, "failed access call_operator"},
                                    {"retry", kGet}};
  Conversation manual = Talking(With("reload", "manual"));
  manual.Play(failed);
  manual.Play({{kLicence, kReload}});
  task::Register without = SampleRegister();
  without.secrets.erase("broker_token");
  Conversation unable = Talking(without);
  unable.Play(failed);
  unable.Play({{kLicence, "failed access call_operator"}});
  BOOST_TEST(unable.outcome().error.find("broker_token") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace fiscalgate::protocol::bifit
