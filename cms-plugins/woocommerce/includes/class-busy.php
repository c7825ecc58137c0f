<?php
/**
 * Somebody else is at it.
 *
 * @package FiscalgateWoo
 */

declare( strict_types=1 );

namespace FiscalgateWoo;

/**
 * Another process changes the same order right now.
 */
final class Busy extends \RuntimeException {
}
