<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

use Fiscalgate\Sdk\Exception\ValidationException;

/**
 * What the gateway's operator gave the shop: where it is, who the shop is, on which register it prints. The secrets in
 * it are not shown by var_dump and cannot be serialized.
 */
final class Account
{
    private string $url;
    private string $id;
    private string $kktToken;
    private string $code;
    private string $callbackUrl = '';
    private string $ffdVersion = FfdVersion::V1_2;

    /**
     * @param string $url https://gateway.example; http only to this machine
     * @param string $id BIT_ACCOUNT_ID
     * @param string $kktToken of a register or of a group of registers
     * @param string $code the integrity code
     */
    public function __construct(string $url, string $id, string $kktToken, string $code)
    {
        $this->url = rtrim(self::checkUrl(trim($url)), '/');
        $this->id = self::word($id, 'account.id');
        $this->kktToken = self::word($kktToken, 'account.kktToken');
        $this->code = self::word($code, 'account.code');
    }

    /** The shop's address for results. With a fragment or a password it is refused by the gateway. */
    public function withCallback(string $url): self
    {
        if (strlen($url) > 2048 || preg_match('~^https?://[^\s@#]+$~Di', $url) !== 1) {
            throw new ValidationException('account.callbackUrl', 'is not an absolute address');
        }
        $copy = clone $this;
        $copy->callbackUrl = $url;
        return $copy;
    }

    /** One of FfdVersion, as the register is set up at the gateway. */
    public function withFfdVersion(string $version): self
    {
        if (!in_array($version, FfdVersion::ALL, true)) {
            throw new ValidationException('account.ffdVersion', 'is not known');
        }
        $copy = clone $this;
        $copy->ffdVersion = $version;
        return $copy;
    }

    public function getUrl(): string
    {
        return $this->url;
    }

    public function getId(): string
    {
        return $this->id;
    }

    public function getKktToken(): string
    {
        return $this->kktToken;
    }

    public function getCode(): string
    {
        return $this->code;
    }

    public function getCallbackUrl(): string
    {
        return $this->callbackUrl;
    }

    public function getFfdVersion(): string
    {
        return $this->ffdVersion;
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['url' => $this->url, 'id' => $this->id, 'kktToken' => '***', 'code' => '***'];
    }

    /** @return array<string, mixed> */
    public function __serialize(): array
    {
        throw new \LogicException('an account holds secrets and is not serialized');
    }

    private static function word(string $text, string $field): string
    {
        $word = trim($text);
        if ($word === '' || strlen($word) > 128 || preg_match('/^[^\x00-\x1F\x7F]+$/Du', $word) !== 1) {
            throw new ValidationException($field, 'is empty or too long');
        }
        return $word;
    }

    private static function checkUrl(string $url): string
    {
        if (preg_match('~^(https?)://(\[[0-9a-f:.]+\]|[^\s/?#:@\[\]]+)(?::\d{1,5})?(?:/[^\s?#]*)?$~Di', $url, $parts) !== 1) {
            throw new ValidationException('account.url', 'is not an address like https://gateway.example');
        }
        $isHere = $parts[2] === 'localhost' || $parts[2] === '[::1]' || preg_match('/^127(?:\.\d{1,3}){3}$/D', $parts[2]) === 1;
        if (strtolower($parts[1]) === 'http' && !$isHere) {
            throw new ValidationException('account.url', 'must be https: the secrets of the shop go there');
        }
        return $url;
    }
}
