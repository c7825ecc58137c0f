<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * A number that is written to JSON digit by digit, without becoming a float on the way.
 *
 * @internal
 */
final class Decimal
{
    private string $literal;

    private function __construct(string $literal)
    {
        $this->literal = $literal;
    }

    public static function money(int $kopecks): self
    {
        return new self(Money::format($kopecks));
    }

    public static function quantity(int $millionths): self
    {
        return new self(Quantity::format($millionths));
    }

    public function __toString(): string
    {
        return $this->literal;
    }
}
