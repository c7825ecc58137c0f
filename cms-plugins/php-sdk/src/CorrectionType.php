<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * Why a correction is made (tag 1173).
 */
final class CorrectionType
{
    /** самостоятельно */
    public const OWN = 0;
    /** по предписанию; needs its number */
    public const BY_ORDER = 1;

    public const ALL = [self::OWN, self::BY_ORDER];

    private function __construct()
    {
    }
}
