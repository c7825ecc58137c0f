<?php

/**
 * Fakes of the shop around orders.
 */

declare(strict_types=1);

namespace Automattic\WooCommerce\Utilities {
    final class FeaturesUtil
    {
        public static function declare_compatibility(string $feature, string $file, bool $is_compatible = true): void
        {
            $GLOBALS['fake_features'][$feature] = [plugin_basename($file), $is_compatible];
        }
    }
}

namespace {
    final class WooCommerce
    {
        public function payment_gateways(): self
        {
            return $this;
        }

        /** @return object[] */
        public function __call(string $name, array $arguments)
        {
            return array_map(static function (string $id): object {
                return new class ($id) {
                    public string $id;

                    public function __construct(string $id)
                    {
                        $this->id = $id;
                    }

                    public function get_method_title(): string
                    {
                        return "<b>Method</b> $this->id";
                    }
                };
            }, ['bacs', 'cod', 'card']);
        }
    }

    final class WC_Tax
    {
        public static function get_tax_rate_classes(): array
        {
            return [(object) ['slug' => 'vat-10', 'name' => 'НДС 10']];
        }
    }

    function WC(): WooCommerce
    {
        return new WooCommerce();
    }

    function wc_get_order_statuses(): array
    {
        return ['wc-pending' => 'Pending', 'wc-processing' => 'Processing', 'wc-on-hold' => 'On hold', 'wc-completed' => 'Completed'];
    }

    function wc_get_page_screen_id(string $for): string
    {
        return 'woocommerce_page_wc-orders';
    }

    function wc_format_decimal($number, $places = 2): string
    {
        return number_format((float) $number, $places, '.', '');
    }

    function wc_get_logger(): object
    {
        return new class {
            public function log(string $level, string $message, array $context): void
            {
                error_log("shop log: $level $message");
            }
        };
    }

    function woocommerce_wp_select(array $field): void
    {
        printf('<select name="%s">', esc_attr($field['id']));
        foreach ($field['options'] as $value => $text) {
            printf('<option value="%s">%s</option>', esc_attr((string) $value), esc_html($text));
        }
        echo '</select>';
    }
}
