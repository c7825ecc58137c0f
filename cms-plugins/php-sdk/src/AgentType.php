<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * In whose name the shop sells an item (tag 1222).
 */
final class AgentType
{
    /** банковский платёжный агент */
    public const BANK_PAYING_AGENT = 1;
    /** банковский платёжный субагент */
    public const BANK_PAYING_SUBAGENT = 2;
    /** платёжный агент */
    public const PAYING_AGENT = 4;
    /** платёжный субагент */
    public const PAYING_SUBAGENT = 8;
    /** поверенный */
    public const ATTORNEY = 16;
    /** комиссионер */
    public const COMMISSION_AGENT = 32;
    /** агент */
    public const AGENT = 64;

    public const ALL = [
        self::BANK_PAYING_AGENT, self::BANK_PAYING_SUBAGENT, self::PAYING_AGENT, self::PAYING_SUBAGENT,
        self::ATTORNEY, self::COMMISSION_AGENT, self::AGENT,
    ];

    private function __construct()
    {
    }

    public static function isBank(int $type): bool
    {
        return $type === self::BANK_PAYING_AGENT || $type === self::BANK_PAYING_SUBAGENT;
    }

    public static function isPaying(int $type): bool
    {
        return $type === self::PAYING_AGENT || $type === self::PAYING_SUBAGENT;
    }
}
