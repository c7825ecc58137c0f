<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

use Fiscalgate\Sdk\Exception\ApiException;
use Fiscalgate\Sdk\Exception\FiscalgateException;
use Fiscalgate\Sdk\RetryPolicy;

/**
 * What the admin's controllers of both generations do. Whoever calls has looked whether the user may.
 */
final class Admin
{
    private Plugin $plugin;

    public function __construct(Plugin $plugin)
    {
        $this->plugin = $plugin;
    }

    /**
     * @param array<string, string> $hosts
     * @return array<string, mixed> settings of a plugin that was installed a moment ago
     */
    public function first(array $hosts): array
    {
        $values = $this->plugin->page()->defaults($hosts['site'], date('Y-m-d'));
        return $this->stored(new Settings($values + ['callback' => $this->callback($hosts)]));
    }

    /**
     * @param array<string, string> $hosts "catalog": what a route is appended to; "site"
     * @param array<string, string> $names of payment methods, by code
     * @param array<string, string> $text
     * @return array<string, mixed> for the template
     */
    public function page(array $hosts, int $language, array $names, array $text): array
    {
        $generation = $this->plugin->generation();
        $settings = $this->plugin->settings();
        $choices = $this->plugin->page()->choices($language);
        $payments = [];
        foreach ($choices['payments'] as $code) {
            $payments[] = ['code' => $code, 'name' => SettingsPage::typed($names[$code] ?? $code)];
        }
        return ['values' => $settings->forPage(), 'choices' => $choices, 'payments' => $payments, 'text' => $text,
            'callback' => $this->callback($hosts), 'cron' => $this->tokenRoute('cron', $hosts, $settings),
            'cron_help' => $text[$generation->isThree() ? 'text_cron_three' : 'text_cron_four'],
            'warning' => $generation->isSupported() ? '' : sprintf($text['text_unsupported'], $generation->version())];
    }

    /**
     * @param array<string, mixed> $post
     * @param array<string, string> $hosts
     */
    public function posted(array $post, array $hosts): Settings
    {
        return $this->plugin->settings()->changedBy(SettingsPage::typed($post), ['callback' => $this->callback($hosts)]);
    }

    /**
     * A plugin that is switched off may be saved half done.
     *
     * @param array<string, string> $text
     * @return array<string, mixed> empty if there are none
     */
    public function faults(Settings $settings, array $text): array
    {
        $faults = $settings->faults();
        if ($faults === [] || !$settings->is('enabled')) {
            return [];
        }
        $fields = array_map(static function (string $key) use ($text): string {
            return $text[$key] ?? $key;
        }, $faults);
        return ['error' => implode("\n", array_unique(array_values($fields))), 'fields' => $fields];
    }

    /** @return array<string, mixed> for the core's editSetting */
    public function stored(Settings $settings): array
    {
        return [SettingsPage::KEY => $settings->toArray(), SettingsPage::STATUS => $settings->is('enabled') ? 1 : 0];
    }

    /**
     * @param array<string, string> $text
     * @return array<string, mixed>
     */
    public function check(Settings $settings, array $text): array
    {
        $faults = array_intersect_key($settings->faults(), array_flip(['url', 'account', 'token', 'code', 'callback',
            'taxation', 'vat']));
        if ($faults !== []) {
            $fields = array_intersect_key($text, array_flip($faults));
            return ['error' => implode("\n", $fields), 'fields' => array_map(static function (string $key) use ($text): string {
                return $text[$key] ?? $key;
            }, $faults)];
        }
        try {
            $report = $this->plugin->client($settings)->checkConnection($settings->number('taxation'), $settings->number('vat'));
        } catch (FiscalgateException $e) {
            $detail = $e instanceof ApiException ? $e->explain() : $e->getMessage();
            return ['error' => ($text['reason_' . RetryPolicy::reason($e)] ?? '') . "\n" . $detail];
        }
        return ['success' => implode("\n", array_merge([$text['text_checked']], array_map('strval', $report->getWarnings())))];
    }

    /**
     * @param string[] $missing events that had to be entered anew
     * @param array<string, string> $hosts
     * @param array<string, string> $text
     * @return array<string, string>
     */
    public function probe(array $missing, array $hosts, array $text): array
    {
        return ['success' => $missing === [] ? '' : $text['text_test_repaired'] . implode(', ', $missing),
            'probe' => $this->tokenRoute('probe', $hosts, $this->plugin->settings())];
    }

    /**
     * A button of the order's tab, and what is due of the order at once.
     *
     * @param array<string, mixed> $post
     * @return string what is wrong: a key of the language files
     */
    public function act(array $post): string
    {
        $wish = SettingsPage::typed($post);
        $fault = $this->plugin->panel()->act($wish);
        if ($fault === '') {
            $this->plugin->workNow((int) $wish['order_id']);
        }
        return $fault;
    }

    /** @param array<string, mixed> $stored settings as they were */
    public function forget(array $stored): void
    {
        if ((new Settings($stored))->is('deleteData')) {
            $this->plugin->operations()->dropTable();
        }
    }

    /** @param array<string, string> $hosts */
    private function callback(array $hosts): string
    {
        return $hosts['catalog'] . $this->plugin->generation()->route('callback');
    }

    /** @param array<string, string> $hosts */
    private function tokenRoute(string $method, array $hosts, Settings $settings): string
    {
        return $hosts['catalog'] . $this->plugin->generation()->route($method) . '&token=' . $settings->text('cronToken');
    }
}
