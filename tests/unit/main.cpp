#define BOOST_TEST_MODULE fiscalgate
#include <boost/test/unit_test.hpp>
