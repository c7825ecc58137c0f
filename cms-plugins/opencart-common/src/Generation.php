<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

/**
 * What differs from one generation of OpenCart to the next: routes, and the names under which the core tells of events.
 * An event under the name of another generation is taken without a word and never comes.
 */
final class Generation
{
    public const PLUGIN = '1.0.0';
    public const CODE = 'fiscalgate';
    /** The folder under extension/ in 4.x: OpenCart takes it from the name of the zip. */
    public const FOLDER = 'fiscalgate_opencart4';

    /** The place of the plugin's handlers among others: a self-test ends with them. */
    public const FIRST = -1;

    private string $version;

    /** @param string $version OpenCart's VERSION, "4.0.2.3" */
    public function __construct(string $version)
    {
        $this->version = $version;
    }

    public function version(): string
    {
        return $this->version;
    }

    public function isSupported(): bool
    {
        return ($this->isThree() && version_compare($this->version, '3.0.0.0', '>='))
            || ($this->isFour() && version_compare($this->version, '4.0.2.0', '>='));
    }

    public function isThree(): bool
    {
        return strncmp($this->version, '3.', 2) === 0;
    }

    public function isFour(): bool
    {
        return strncmp($this->version, '4.', 2) === 0;
    }

    /** Whether orders may hold gift certificates that are bought: 4.1 has none. */
    public function hasVouchers(): bool
    {
        return version_compare($this->version, '4.1', '<');
    }

    /** @param string $method of the plugin's controller, or none for its first page */
    public function route(string $method = ''): string
    {
        $base = $this->isThree() ? 'extension/module/' : 'extension/' . self::FOLDER . '/module/';
        return $base . self::CODE . ($method === '' ? '' : ($this->isThree() ? '/' : '.') . $method);
    }

    /** The method of the core's model checkout/order that sets a status. */
    public function historyMethod(): string
    {
        return $this->isThree() ? 'addOrderHistory' : 'addHistory';
    }

    /** @return array<string, string> trigger => action */
    public function events(): array
    {
        $dot = $this->isThree() || version_compare($this->version, '4.1', '<') ? '/' : '.';
        return [
            'catalog/model/checkout/order' . $dot . $this->historyMethod() . '/after' => $this->route('changed'),
            'admin/view/sale/order_info/before' => $this->route('tab'),
        ];
    }
}
