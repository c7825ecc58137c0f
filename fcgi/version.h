// The version of the programs.
#pragma once

#ifndef FISCALGATE_VERSION
#define FISCALGATE_VERSION "0.1.0"
#endif
