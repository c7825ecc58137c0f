<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * The version of the fiscal document format the register works in: `register show` tells it.
 */
final class FfdVersion
{
    /** no units, a buyer by name and INN only */
    public const V1_05 = '1.05';
    /** the newest; marked goods */
    public const V1_2 = '1.2';

    public const ALL = [self::V1_05, self::V1_2];

    private function __construct()
    {
    }
}
