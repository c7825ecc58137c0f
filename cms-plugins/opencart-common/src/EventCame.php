<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

/**
 * Thrown by the plugin's handler in a self-test: the event has come, and no other handler need be troubled with an order
 * that is not there.
 */
final class EventCame extends \RuntimeException
{
}
